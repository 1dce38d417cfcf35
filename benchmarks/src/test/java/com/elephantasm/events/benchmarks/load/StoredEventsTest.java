package com.elephantasm.events.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.benchmarks.IntegrationTest;
import com.elephantasm.events.benchmarks.servers.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredEventsTest extends IntegrationTest {
  private static final String SUSPECTS = """
      SELECT count(*) FROM events LEFT JOIN spirits ON spirits.id = agent_id
        LEFT JOIN log_partitions ON log_partitions.id = events.created_partition
      WHERE spirits.id IS NULL OR log_partitions.id IS NULL OR occurred_at >= '2026-01-01Z' OR events.is_deleted
      """;

  @Test
  void a_filled_store_has_its_events_their_spirits_and_every_index() throws Exception {
    Database empty = SERVERS.newStore("unfilled");
    Database filled = SERVERS.newStore("filled");
    StoredEvents.fill(filled, new Events(1, 20), 1_500, PROGRESS);
    assertThat(filled.number("SELECT count(*) FROM events")).isEqualTo(1_500);
    assertThat(filled.number(SUSPECTS)).isZero();
    assertThat(indexes(filled)).isEqualTo(indexes(empty)).hasSizeGreaterThan(3);
  }

  private static List<String> indexes(Database store) throws SQLException {
    List<String> indexes = new ArrayList<>();
    try (Connection connection = store.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement
            .executeQuery("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")) {
      while (rows.next()) {
        indexes.add(rows.getString(1));
      }
    }
    return indexes;
  }
}
