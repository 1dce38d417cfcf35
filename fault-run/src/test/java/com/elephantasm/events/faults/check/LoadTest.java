package com.elephantasm.events.faults.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.Endpoints;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.Load;
import com.elephantasm.events.faults.load.LoadSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole load on a pipeline that nothing disturbs, and then on a store that somebody has spoiled. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoadTest {
  private static final int ATTEMPTS = 2500;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir
  Path folder;

  @Test
  void there_are_no_anomalies_until_the_store_is_spoiled() throws Exception {
    try (Pipeline pipeline = Pipeline.start(folder); History history = History.open(folder.resolve("history.txt"))) {
      Endpoints endpoints = pipeline.endpoints();
      Load load = new Load(endpoints, history, LoadSettings.of(1).withOldAge(Duration.ofSeconds(2)));
      load.start();
      await().atMost(PATIENCE)
          .until(() -> load.attempts() >= ATTEMPTS && load.progress().reads() >= 50 && load.progress().ambiguous() > 0);
      load.stop();

      Report report = new Checker(endpoints, history).check(PATIENCE);
      assertThat(report.anomalies()).isEmpty();
      assertThat(report.summary()).contains("no anomalies");
      assertThat(report.figures().get("events stored")).isGreaterThan(ATTEMPTS / 2);
      assertThat(report.figures().get("duplicates collapsed")).isPositive();

      spoil(endpoints);
      Report spoiled = new Checker(endpoints, history).check(Duration.ofSeconds(1));
      assertThat(spoiled.counts()).containsEntry(Kind.SKIPPED, 1L).containsEntry(Kind.STORED_TWICE, 1L)
          .containsEntry(Kind.SAME_KEY_TWICE, 1L).containsEntry(Kind.STUCK, 1L)
          .containsKeys(Kind.LOST, Kind.DIFFERS_FROM_LOG, Kind.NOBODY_SENT);
    }
  }

  /** What the writer could do wrong: skip a record, store one twice where no index keeps it from that, lose an amendment. */
  private static void spoil(Endpoints endpoints) throws SQLException {
    try (Connection connection = DriverManager.getConnection(endpoints.jdbcUrl(), endpoints.username(),
        endpoints.password()); Statement statement = connection.createStatement()) {
      statement.execute("""
          DELETE FROM events WHERE id = (SELECT id FROM events WHERE dedupe_key IS NOT NULL AND changed_offset = created_offset
            ORDER BY id LIMIT 1);
          ALTER TABLE events DROP CONSTRAINT events_pkey;
          DROP INDEX events_by_key;
          INSERT INTO events SELECT * FROM events WHERE dedupe_key IS NOT NULL ORDER BY id LIMIT 1;
          UPDATE events SET meta_summary = 'older' WHERE id = (SELECT id FROM events WHERE changed_offset = created_offset
            ORDER BY id DESC LIMIT 1);
          UPDATE log_partitions SET next_offset = next_offset - 1 WHERE id = (SELECT min(id) FROM log_partitions
            WHERE next_offset > 0);
          """);
    }
  }
}
