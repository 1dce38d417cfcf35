package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.EventId;
import java.time.Duration;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ReadTransactionsTest extends QueryIntegrationTest {
  @Autowired
  private PlatformTransactionManager manager;

  @Test
  void a_read_that_takes_too_long_is_ended_with_a_problem() {
    ReadTransactions impatient = new ReadTransactions(jdbc, manager, Duration.ofMillis(100));
    new TransactionTemplate(manager).executeWithoutResult(_ -> {
      jdbc.sql("LOCK TABLE events IN ACCESS EXCLUSIVE MODE").update();
      assertStoreUnavailable(() -> inAnotherThread(() -> new EventQueries(jdbc, impatient)
          .find(new EventId(UUID.randomUUID()), Caller.ANYONE)));
    });
  }

  @Test
  void a_database_that_is_away_is_a_problem() {
    DriverManagerDataSource nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none", "none", "none");
    ReadTransactions reads = new ReadTransactions(JdbcClient.create(nowhere), new JdbcTransactionManager(nowhere),
        Duration.ofSeconds(1));
    assertStoreUnavailable(() -> reads.read(() -> 1));
  }

  @Test
  void nothing_can_be_written_in_one() {
    ReadTransactions reads = new ReadTransactions(jdbc, manager, Duration.ofSeconds(1));
    assertThatThrownBy(() -> reads.read(() -> jdbc.sql("DELETE FROM events").update()))
        .hasMessageContaining("read-only transaction");
  }

  private static void assertStoreUnavailable(ThrowingCallable read) {
    assertThatThrownBy(read).isInstanceOfSatisfying(ProblemException.class, e -> {
      assertThat(e.problem().status()).isEqualTo(503);
      assertThat(e.problem().headers()).containsKey("Retry-After");
    });
  }

  /** The transaction at hand is bound to its thread. */
  private static void inAnotherThread(Runnable work) throws Throwable {
    Throwable[] failure = new Throwable[1];
    Thread thread = Thread.ofVirtual().start(() -> {
      try {
        work.run();
      } catch (Throwable e) {
        failure[0] = e;
      }
    });
    thread.join();
    if (failure[0] != null) {
      throw failure[0];
    }
  }
}
