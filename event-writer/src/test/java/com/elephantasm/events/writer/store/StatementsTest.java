package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class StatementsTest extends StoreTest {
  private final AtomicInteger statements = new AtomicInteger();
  private final DataSource counting = counting(DATA_SOURCE);
  private final ChangeStore counted = store(counting, new LogPartitions(JdbcClient.create(counting)));

  @Test
  void a_batch_takes_as_many_statements_however_large_it_is() {
    counted.apply(everyKindOfRecord(1));
    int ofTheSmallest = statements.getAndSet(0);
    counted.apply(everyKindOfRecord(500));

    assertThat(statements.get()).isEqualTo(ofTheSmallest);
  }

  @Test
  void a_batch_of_new_events_takes_three_statements() {
    apply(log.append(TestLog.spirit(spirit, "Ada")));
    List<LogEntry> batch = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      batch.add(log.append(TestLog.event(spirit, "k" + i, "hello")));
    }
    counted.apply(batch);

    assertThat(statements.get()).isEqualTo(3);
  }

  private List<LogEntry> everyKindOfRecord(int times) {
    List<LogEntry> batch = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      SpiritId owner = new SpiritId(UUID.randomUUID());
      Change.EventCreated event = TestLog.event(owner, "k", "hello");
      batch.add(log.ask(TestLog.spirit(owner, "Ada")));
      batch.add(log.ask(event));
      batch.add(log.ask(event));
      batch.add(log.ask(TestLog.event(owner, "k", "conflict")));
      batch.add(log.ask(TestLog.importance(owner, event.id(), 0.5)));
      batch.add(log.append(TestLog.event(new SpiritId(UUID.randomUUID()), "k", "nobody's")));
      batch.add(log.appendPlain("{" + i));
    }
    return batch;
  }

  private DataSource counting(DataSource dataSource) {
    return proxy(DataSource.class, dataSource, "getConnection",
        connection -> proxy(Connection.class, (Connection) connection, "prepareStatement", statement -> {
          statements.incrementAndGet();
          return statement;
        }));
  }

  private interface Wrapping {
    Object wrap(Object result);
  }

  private static <T> T proxy(Class<T> type, T target, String method, Wrapping wrapping) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, called, args) -> {
      Object result = invoke(target, called, args);
      return called.getName().equals(method) ? wrapping.wrap(result) : result;
    }));
  }

  private static Object invoke(Object target, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(target, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
