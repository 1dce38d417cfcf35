package com.elephantasm.events.writer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.writer.replay.ReplayStand;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import tools.jackson.databind.JsonNode;

/** A store whose events were put into parts with the statements of {@code docs/growing.md}, rows and a running writer included. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PartitionedEventsTest {
  private static final Path PAGE = Path.of("..", "docs", "growing.md");
  private static final Pattern STATEMENTS = Pattern.compile("```sql\n(BEGIN;.*?)```", Pattern.DOTALL);
  private static final int PARTS = 16;
  private static ReplayStand stand;

  @BeforeAll
  static void partition_a_store_that_has_rows_and_gets_more() throws IOException, SQLException {
    stand = new ReplayStand("--elephantasm.replay.batch-size=200", "--elephantasm.replay.lease=5s");
    stand.publishHistory(3, 1500);
    String before = stand.dump();
    try (Connection connection = stand.writerContext().getBean(HikariDataSource.class).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(statements());
    }
    assertThat(stand.dump()).isEqualTo(before);
    stand.publishHistory(4, 2500);
  }

  private static String statements() throws IOException {
    Matcher block = STATEMENTS.matcher(Files.readString(PAGE));
    assertThat(block.find()).as("statements in %s", PAGE).isTrue();
    return block.group(1);
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  private static void assertClean() {
    JsonNode replay = stand.run("{\"mode\": \"verify\"}");
    assertThat(replay.at("/drift").toString()).as(replay.toString())
        .isEqualTo("{\"missing\":0,\"differing\":0,\"unexpected\":0}");
    assertThat(replay.at("/result/unaccounted/count").asInt()).as(replay.toString()).isZero();
    assertThat(replay.at("/result/checked/events").asLong()).isEqualTo(number("SELECT count(*) FROM events"));
  }

  private static long number(String sql) {
    return stand.jdbc().sql(sql).query(Long.class).single();
  }

  private static String someSpirit() {
    return stand.jdbc().sql("SELECT agent_id FROM events GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")
        .query(String.class).single();
  }

  @Test
  void what_the_writer_stores_is_what_the_log_says() {
    assertThat(number("SELECT count(DISTINCT tableoid) FROM events")).isGreaterThan(PARTS / 2);
    assertClean();
  }

  @Test
  void reads_find_each_event() {
    String spirit = someSpirit();
    long there = number("SELECT count(*) FROM events WHERE NOT is_deleted AND agent_id = '%s'".formatted(spirit));
    JsonNode counted = stand.get("/api/v1/events/count?agent_id=" + spirit).expect(200).json();
    JsonNode listed = stand.get("/api/v1/events?limit=200&agent_id=" + spirit).expect(200).json();

    assertThat(counted.findValue("count").asLong()).isEqualTo(there);
    assertThat(listed.size()).isEqualTo((int) Math.min(200, there)).isPositive();
    String event = listed.at("/0/id").asString();
    assertThat(stand.get("/api/v1/events/" + event).expect(200).json().get("agent_id").asString()).isEqualTo(spirit);
    assertThat(stand.get("/api/v1/events/%s/status".formatted(event)).expect(200).json().get("status").asString())
        .isEqualTo("stored");
  }

  @Test
  void what_asks_for_a_spirit_looks_into_one_part() {
    List<@Nullable String> plan = stand.jdbc()
        .sql(
            "EXPLAIN SELECT * FROM events WHERE agent_id = '%s' ORDER BY occurred_at, created_at, created_offset, id LIMIT 50"
                .formatted(someSpirit()))
        .query(String.class).list();
    assertThat(plan.stream().filter(line -> requireNonNull(line).matches(".* on events_\\d+ events.*")))
        .as(plan::toString).hasSize(1);
  }

  @Test
  void the_database_itself_refuses_a_second_row_of_one_key() {
    assertThatThrownBy(() -> stand.jdbc().sql("""
        INSERT INTO events SELECT (:id)::uuid, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id,
          metadata, source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest,
          created_partition, created_offset, changed_partition, changed_offset
        FROM events WHERE dedupe_key IS NOT NULL LIMIT 1
        """).param("id", UUID.randomUUID()).update()).isInstanceOf(DuplicateKeyException.class);
  }

  @Test
  void the_log_applied_again_changes_nothing_and_brings_back_what_was_lost() {
    String rows = stand.xmins();
    assertThat(stand.run("{\"mode\": \"apply\"}").at("/counts/duplicate").asLong()).isPositive();
    assertThat(stand.xmins()).isEqualTo(rows);

    String before = stand.dump();
    int lost = stand.jdbc().sql("DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 300)")
        .update();
    assertThat(stand.run("{\"mode\": \"dry-run\"}").at("/counts/stored").asInt()).isEqualTo(lost).isEqualTo(300);
    stand.run("{\"mode\": \"apply\"}");
    assertThat(stand.dump()).isEqualTo(before);
  }

  @Test
  void what_was_corrupted_is_found_and_repaired() {
    String before = stand.dump();
    stand.jdbc()
        .sql("UPDATE events SET content = content || '!' WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 100)")
        .update();
    stand.jdbc()
        .sql("DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id DESC LIMIT 50)").update();

    JsonNode replay = stand.run("{\"mode\": \"verify\", \"repair\": true}");

    assertThat(replay.at("/drift").toString()).isEqualTo("{\"missing\":50,\"differing\":100,\"unexpected\":0}");
    assertThat(stand.dump()).isEqualTo(before);
    assertClean();
  }

  @Test
  void a_rebuild_refuses_and_leaves_the_parts_as_they_are() {
    String before = stand.xmins();
    JsonNode replay = stand.await(stand.request("{\"mode\": \"rebuild\"}"));

    assertThat(replay.get("state").asString()).isEqualTo("failed");
    assertThat(replay.get("detail").asString()).contains("partitioned", "apply");
    assertThat(stand.xmins()).isEqualTo(before);
    assertThat(number("SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass")).isEqualTo(PARTS);
  }
}
