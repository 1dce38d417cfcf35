package com.elephantasm.events.writer.verify;

import static com.elephantasm.events.writer.replay.ReplayStand.PATIENCE;
import static com.elephantasm.events.writer.replay.ReplayStand.REPLAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.replay.ReplayStand;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(OutputCaptureExtension.class)
class VerifyTest {
  private static final String VERIFY = "{\"mode\": \"verify\", \"report_limit\": 1000}";
  private static final String REPAIR = "{\"mode\": \"verify\", \"repair\": true}";
  private static ReplayStand stand;

  @BeforeAll
  static void start() {
    stand = new ReplayStand("--elephantasm.replay.batch-size=200", "--elephantasm.replay.lease=5s");
    stand.publishHistory(2, 4000);
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  @AfterEach
  void nothing_is_left_beside_the_store() {
    assertThat(stand.jdbc().sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'verify%'").query(String.class)
        .list()).isEmpty();
  }

  private static List<String> ids(JsonNode replay, String kind) {
    JsonNode ofKind = replay.at("/result/differences/" + kind);
    List<String> ids = new ArrayList<>(ofKind.get("first").findValuesAsString("id"));
    assertThat(ofKind.get("count").asInt()).isEqualTo(ids.size());
    return ids;
  }

  private static void assertClean(JsonNode replay) {
    assertThat(replay.at("/drift").toString()).as(replay.get("result").toString())
        .isEqualTo("{\"missing\":0,\"differing\":0,\"unexpected\":0}");
    assertThat(replay.at("/result/unaccounted/count").asInt()).as(replay.get("result").toString()).isZero();
  }

  private static List<String> update(String sql) {
    return stand.jdbc().sql(sql).query((row, _) -> row.getString(1)).list();
  }

  private static String some(int from) {
    return "id IN (SELECT id FROM events ORDER BY id OFFSET %d LIMIT 200)".formatted(from);
  }

  @Test
  void a_store_that_is_as_its_log_is_clean() {
    String before = stand.xmins();
    JsonNode replay = stand.run(VERIFY);
    assertClean(replay);
    assertThat(replay.at("/result/checked/events").asLong())
        .isEqualTo(stand.jdbc().sql("SELECT count(*) FROM events").query(Long.class).single()).isPositive();
    assertThat(stand.xmins()).isEqualTo(before);
  }

  @Test
  void rows_corrupted_in_five_ways_are_named_exactly_and_repaired() {
    String before = stand.dump();
    List<String> amended = update(
        "UPDATE events SET content = content || '!' WHERE %s RETURNING id".formatted(some(0)));
    List<String> flipped = update(
        "UPDATE events SET is_deleted = NOT is_deleted WHERE %s RETURNING id".formatted(some(200)));
    List<String> scored = update(
        "UPDATE events SET importance_score = 0.123 WHERE %s RETURNING id".formatted(some(400)));
    List<String> strangers = update("""
        INSERT INTO events SELECT gen_random_uuid(), agent_id, event_type, content, meta_summary, role, author, occurred_at,
          session_id, metadata, source_uri, 'stranger ' || row_number() OVER (), importance_score, created_at, updated_at,
          is_deleted, payload_digest, created_partition, created_offset, changed_partition, changed_offset
        FROM events WHERE %s RETURNING id
        """.formatted(some(600)));
    List<String> lost = update("DELETE FROM events WHERE %s AND id <> ALL ('{%s}'::uuid[]) RETURNING id"
        .formatted(some(1100), String.join(",", strangers)));

    JsonNode found = stand.run(VERIFY);

    assertThat(ids(found, "missing")).containsExactlyInAnyOrderElementsOf(lost);
    assertThat(ids(found, "unexpected")).containsExactlyInAnyOrderElementsOf(strangers);
    List<String> different = new ArrayList<>(amended);
    different.addAll(flipped);
    different.addAll(scored);
    assertThat(ids(found, "differing")).containsExactlyInAnyOrderElementsOf(different);
    assertThat(found.at("/drift/missing").asInt()).isEqualTo(lost.size());
    JsonNode first = found.at("/result/differences/differing/first");
    assertThat(first.valueStream().map(each -> String.join(",", each.get("fields").propertyNames())))
        .containsOnly("content_sha256", "is_deleted", "importance_score");

    JsonNode repaired = stand.run(REPAIR);
    assertThat(repaired.at("/drift")).isEqualTo(found.at("/drift"));
    assertThat(repaired.at("/result/repaired/left").asInt()).isZero();
    assertThat(repaired.at("/result/repaired/deleted").asInt()).isEqualTo(strangers.size());
    assertClean(stand.run(VERIFY));
    assertThat(stand.dump()).isEqualTo(before);
  }

  @Test
  void spirits_are_compared_and_repaired_too() {
    String before = stand.dump();
    String renamed = update(
        "UPDATE spirits SET name = 'x' WHERE id = (SELECT min(id::text)::uuid FROM spirits) RETURNING id")
        .getFirst();
    String lost = update("DELETE FROM spirits WHERE id = (SELECT max(id::text)::uuid FROM spirits) RETURNING id")
        .getFirst();

    JsonNode found = stand.run(REPAIR);

    assertThat(found.at("/result/differences/missing/first").findValuesAsString("id")).containsExactly(lost);
    assertThat(found.at("/result/differences/differing/first").findValuesAsString("id")).containsExactly(renamed);
    assertClean(stand.run(VERIFY));
    assertThat(stand.dump()).isEqualTo(before);
  }

  @Test
  void a_wrong_id_and_a_change_that_was_not_applied_are_told_as_such() {
    String before = stand.dump();
    String renamed = update("""
        UPDATE events SET id = gen_random_uuid() WHERE id = (SELECT id FROM events ORDER BY id LIMIT 1) RETURNING id
        """).getFirst();
    String behind = update("""
        UPDATE events SET changed_partition = created_partition, changed_offset = created_offset, updated_at = created_at
        WHERE id = (SELECT id FROM events WHERE changed_offset > created_offset ORDER BY id LIMIT 1) RETURNING id
        """).getFirst();

    JsonNode found = stand.run(REPAIR);

    assertThat(ids(found, "wrong-id")).containsExactly(renamed);
    assertThat(ids(found, "missing")).hasSize(1);
    assertThat(ids(found, "amendment-not-applied")).containsExactly(behind);
    assertClean(stand.run(VERIFY));
    assertThat(stand.dump()).isEqualTo(before);
  }

  @Test
  void an_emptied_store_lacks_everything_and_is_repaired() {
    String before = stand.dump();
    long events = stand.jdbc().sql("SELECT count(*) FROM events").query(Long.class).single();
    stand.jdbc().sql("TRUNCATE events").update();

    JsonNode found = stand.run(REPAIR);

    assertThat(found.at("/drift/missing").asLong()).isEqualTo(events);
    assertThat(stand.dump()).isEqualTo(before);
  }

  @Test
  void one_spirit_is_verified_alone() {
    String agent = update("SELECT agent_id FROM events GROUP BY agent_id ORDER BY count(*) DESC LIMIT 1").getFirst();
    String before = stand.dump();
    List<String> lost = update(
        "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE agent_id = '%s' LIMIT 3) RETURNING id"
            .formatted(agent));
    update(
        "UPDATE events SET content = '' WHERE id = (SELECT id FROM events WHERE agent_id <> '%s' LIMIT 1) RETURNING id"
            .formatted(agent));

    JsonNode found = stand.run("{\"mode\": \"verify\", \"agent_id\": \"%s\"}".formatted(agent));

    assertThat(ids(found, "missing")).containsExactlyInAnyOrderElementsOf(lost);
    assertThat(found.at("/drift/differing").asLong()).isZero();
    stand.run(REPAIR);
    assertThat(stand.dump()).isEqualTo(before);
  }

  @Test
  void live_writes_raise_no_alarm() throws Exception {
    UUID spirit = UUID.randomUUID();
    ReplayStand.get(stand.spirit(spirit, "Ada"));
    AtomicBoolean done = new AtomicBoolean();
    Thread load = Thread.startVirtualThread(() -> {
      for (int i = 0; !done.get(); i++) {
        ReplayStand.get(stand.event(spirit, "live" + i, "x"));
        String id = stand.jdbc().sql("SELECT id FROM events ORDER BY random() LIMIT 1").query(String.class).single();
        String owner = stand.jdbc().sql("SELECT agent_id FROM events WHERE id = :id::uuid").param("id", id)
            .query(String.class).single();
        ReplayStand.get(stand.amendment(owner, id, "\"meta_summary\": \"m%d\"".formatted(i)));
      }
    });
    try {
      for (int i = 0; i < 3; i++) {
        assertClean(stand.run(VERIFY));
      }
    } finally {
      done.set(true);
      load.join();
    }
    stand.awaitApplied();
  }

  @Test
  void a_verification_goes_on_after_a_restart() {
    List<String> lost = update("DELETE FROM events WHERE %s RETURNING id".formatted(some(50)));
    String id = stand.request("{\"mode\": \"verify\", \"repair\": true, \"throttle\": 1000, \"report_limit\": 1000}");
    await().atMost(PATIENCE).until(() -> stand.get(REPLAYS + "/" + id).json().at("/progress/read").asLong() > 0);
    stand.restart();
    stand.send("PATCH", REPLAYS + "/" + id, "{\"throttle\": null}").expect(200);

    JsonNode found = stand.await(id);

    assertThat(found.get("state").asString()).isEqualTo("completed");
    assertThat(ids(found, "missing")).containsExactlyInAnyOrderElementsOf(lost);
    assertClean(stand.run(VERIFY));
  }

  @Test
  void a_database_that_goes_away_while_the_tables_are_made_is_waited_for(CapturedOutput output) throws Exception {
    String id;
    try (Connection connection = DriverManager.getConnection(stand.postgres().jdbcUrl(), TestPostgres.SUPERUSER,
        stand.postgres().superuserPassword()); Statement superuser = connection.createStatement()) {
      // Not that of Flyway's own table, which it tries ten times, a second apart.
      superuser.execute("""
          CREATE FUNCTION refuse_tables() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
            IF current_query() NOT LIKE '%flyway_schema_history%' THEN
              RAISE EXCEPTION USING ERRCODE = 'admin_shutdown';
            END IF;
          END $$
          """);
      superuser.execute("""
          CREATE EVENT TRIGGER refuse_tables ON ddl_command_start WHEN TAG IN ('CREATE TABLE')
          EXECUTE FUNCTION refuse_tables()
          """);
      try {
        id = stand.request(VERIFY);
        await().atMost(PATIENCE).until(() -> output.getAll().contains("Replay %s waits: the database".formatted(id)));
      } finally {
        superuser.execute("DROP EVENT TRIGGER refuse_tables");
        superuser.execute("DROP FUNCTION refuse_tables");
      }
    }
    JsonNode replay = stand.await(id);
    assertThat(replay.get("state").asString()).as(replay.toString()).isEqualTo("completed");
    assertClean(replay);
  }
}
