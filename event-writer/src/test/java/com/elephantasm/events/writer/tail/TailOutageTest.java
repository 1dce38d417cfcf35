package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.store.LogEntry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** A database of its own, which goes away while there are tails. */
class TailOutageTest extends TailIntegrationTest {
  @Test
  void tails_stay_open_while_the_database_is_away_and_go_on_without_gaps() {
    TestPostgres postgres = TestPostgres.start();
    ConfigurableApplicationContext writer = writer(postgres, "--elephantasm.log.topic=elephantasm.outage",
        "--elephantasm.writer.group=outage",
        "--elephantasm.tail.heartbeat=200ms");
    try {
      StoredLog own = new StoredLog(writer, UUID.randomUUID(), 0);
      own.spirit(spirit).event(spirit, "before").store();
      TailClient live = tail(writer, TailCursor.START.encoded());
      awaitContents(live, "before");

      postgres.stop();
      int places = live.places();
      awaitFact(() -> live.places() > places + 5);
      assertThat(get(uri(writer, spirit)).statusCode()).isEqualTo(503);
      postgres.restart();
      own.event(spirit, "after");
      awaitStored(own);

      awaitContents(live, "before", "after");
      awaitContents(tail(writer, live.messages().getFirst().lastEventId()), "after");
    } finally {
      writer.close();
      postgres.close();
    }
  }

  /** The pool may still hand out connections that are broken. */
  private static void awaitStored(StoredLog log) {
    List<LogEntry> batch = log.take();
    await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
      log.store(batch);
      return true;
    });
  }
}
