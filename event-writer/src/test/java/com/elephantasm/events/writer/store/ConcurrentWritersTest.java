package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two writers at once, each with a partition of its own. */
class ConcurrentWritersTest extends StoreTest {
  private final TestLog otherLog = new TestLog(partitions);

  @Test
  void an_event_and_its_spirit_on_two_partitions_never_miss_each_other() throws Exception {
    for (int round = 0; round < 100; round++) {
      SpiritId born = new SpiritId(UUID.randomUUID());
      LogEntry creation = log.append(TestLog.spirit(born, "Ada"));
      LogEntry event = otherLog.append(TestLog.event(born, "k", "hello"));
      atOnce(() -> store.apply(List.of(creation)), () -> store.apply(List.of(event)));

      assertThat(jdbc.sql("SELECT count(*) FROM events WHERE agent_id = :id").param("id", born.value())
          .query(Long.class).single()).as("round %d", round).isEqualTo(1);
    }
  }

  @Test
  void the_same_events_and_amendments_in_any_order_end_in_one_row_each_without_a_deadlock() throws Exception {
    apply(log.append(TestLog.spirit(spirit, "Ada")));
    Random random = new Random(1);
    for (int round = 0; round < 20; round++) {
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Change.EventCreated event = TestLog.event(spirit, "k%d-%d".formatted(round, i), "hello");
        changes.add(event);
        changes.add(TestLog.importance(spirit, event.id(), 0.5));
      }
      List<LogEntry> mine = changes.stream().map(log::append).toList();
      Collections.shuffle(changes, random);
      List<LogEntry> theirs = changes.stream().map(otherLog::append).toList();
      atOnce(() -> store.apply(mine), () -> store.apply(theirs));
    }

    assertThat(events()).hasSize(20 * 50);
  }

  private static void atOnce(Callable<?> one, Callable<?> other) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Object>> results = threads.invokeAll(List.of(together(start, one), together(start, other)));
      for (Future<Object> result : results) {
        result.get();
      }
    }
  }

  private static Callable<Object> together(CyclicBarrier start, Callable<?> work) {
    return () -> {
      start.await();
      return work.call();
    };
  }
}
