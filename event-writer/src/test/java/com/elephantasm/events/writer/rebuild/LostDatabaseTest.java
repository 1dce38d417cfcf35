package com.elephantasm.events.writer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nothing is left of the store but the log. */
class LostDatabaseTest extends RebuildIntegrationTest {
  @Test
  void what_was_in_a_lost_database_is_in_the_one_that_is_made_from_the_log() throws SQLException {
    UUID late = UUID.randomUUID();
    createSpirit(spirit);
    for (int i = 0; i < 1000; i++) {
      createEvent(spirit, "k" + i % 900, "content " + i);
    }
    createEvent(late, "k", "waits");
    publish(spirit, null, "{");
    awaitDrained();
    createSpirit(late);
    awaitDrained();
    Map<String, List<String>> before = dump();
    long letters = count("dead_letters");
    awaitCommitted();
    writer.close();
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(),
        postgres.password()); Statement statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA public CASCADE");
      statement.execute("CREATE SCHEMA public");
    }
    writer = startWriter();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
    assertThat(count("events")).isZero();
    rebuilt(startRebuild());

    assertThat(dump()).isEqualTo(before);
    assertThat(count("dead_letters")).isEqualTo(letters);
    assertThat(jdbc.sql("SELECT min(id) FROM dead_letters").query(Long.class).single()).isPositive();
    createEvent(spirit, "after", "the writer goes on");
    awaitDrained();
    assertThat(count("events")).isEqualTo(before.getOrDefault("events", List.of()).size() + 1);
  }

  private static long count(String table) {
    return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }
}
