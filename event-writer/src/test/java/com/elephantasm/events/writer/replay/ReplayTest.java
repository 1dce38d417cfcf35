package com.elephantasm.events.writer.replay;

import static com.elephantasm.events.writer.replay.ReplayStand.PATIENCE;
import static com.elephantasm.events.writer.replay.ReplayStand.REPLAYS;
import static com.elephantasm.events.writer.replay.ReplayStand.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplayTest {
  private static ReplayStand stand;

  @BeforeAll
  static void start() {
    stand = new ReplayStand("--elephantasm.replay.batch-size=100", "--elephantasm.replay.lease=5s");
    stand.publishHistory(1, 2000);
  }

  @AfterAll
  static void stop() {
    stand.close();
  }

  private static long count(JsonNode replay, String name) {
    return replay.at("/counts/" + name).asLong();
  }

  private static long sum(JsonNode replay) {
    return count(replay, "stored") + count(replay, "duplicate") + count(replay, "amended") + count(replay, "skipped")
        + count(replay, "rejected");
  }

  private static long records() {
    return stand.ends(TOPIC).values().stream().mapToLong(end -> end).sum();
  }

  @Test
  void applying_the_whole_log_to_a_complete_store_changes_no_row() {
    String before = stand.xmins();
    JsonNode replay = stand.run("{\"mode\": \"apply\"}");

    assertThat(stand.xmins()).isEqualTo(before);
    assertThat(sum(replay)).isEqualTo(records());
    assertThat(count(replay, "stored")).isZero();
    assertThat(count(replay, "amended")).isZero();
    assertThat(count(replay, "rejected")).isPositive();
    assertThat(count(replay, "duplicate")).isPositive();
  }

  @Test
  void rows_that_were_lost_come_back_with_their_changes() {
    String before = stand.dump();
    int lost = stand.jdbc().sql("DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 300)")
        .update();

    JsonNode dry = stand.run("{\"mode\": \"dry-run\"}");
    assertThat(count(dry, "stored")).isEqualTo(lost);
    assertThat(stand.dump()).isNotEqualTo(before);
    JsonNode replay = stand.run("{\"mode\": \"apply\"}");

    assertThat(stand.dump()).isEqualTo(before);
    assertThat(replay.get("counts")).isEqualTo(dry.get("counts"));
    assertThat(stand.jdbc().sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'dry_run%'").query(Long.class)
        .single()).isZero();
  }

  @Test
  void an_emptied_store_is_filled_again() {
    String before = stand.dump();
    stand.jdbc().sql("TRUNCATE events, spirits, dead_letters, late_events, redrives").update();
    stand.jdbc().sql("UPDATE log_partitions SET next_offset = 0").update();

    JsonNode dry = stand.run("{\"mode\": \"dry-run\"}");
    JsonNode replay = stand.run("{\"mode\": \"apply\"}");

    assertThat(stand.dump()).isEqualTo(before);
    assertThat(replay.get("counts")).isEqualTo(dry.get("counts"));
  }

  @Test
  void one_spirit_can_be_replayed_alone() {
    UUID spirit = UUID.randomUUID();
    ReplayStand.get(stand.spirit(spirit, "Ada"));
    ReplayStand.get(stand.event(spirit, "one", "first"));
    ReplayStand.get(stand.event(UUID.randomUUID(), "one", "of another"));
    stand.awaitApplied();
    stand.jdbc().sql("DELETE FROM events").update();

    JsonNode replay = stand.run("{\"mode\": \"apply\", \"agent_id\": \"%s\"}".formatted(spirit));

    assertThat(sum(replay)).isEqualTo(2);
    assertThat(count(replay, "stored")).isEqualTo(1);
    assertThat(stand.jdbc().sql("SELECT count(*) FROM events").query(Long.class).single()).isEqualTo(1);
    stand.run("{\"mode\": \"apply\"}");
  }

  @Test
  void a_time_range_selects_records_by_their_own_time() {
    UUID spirit = UUID.randomUUID();
    ReplayStand.get(stand.spirit(spirit, "Ada"));
    Instant from = stand.between();
    ReplayStand.get(stand.event(spirit, "one", "first"));
    ReplayStand.get(stand.event(spirit, "two", "second"));
    Instant to = stand.between();
    ReplayStand.get(stand.event(spirit, "three", "third"));
    stand.awaitApplied();

    JsonNode replay = stand.run("{\"mode\": \"dry-run\", \"from\": \"%s\", \"to\": \"%s\"}".formatted(from, to));

    assertThat(sum(replay)).isEqualTo(2);
  }

  /** Of three equal ones that wait, one makes the row, whether their spirit comes in their batch or later. */
  @Test
  void counts_do_not_depend_on_how_the_log_is_cut_into_batches() {
    UUID spirit = UUID.randomUUID();
    String topic = "waiting-" + spirit;
    stand.createTopic(topic, 1);
    byte[] waiting = "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"x\", \"dedupe_key\": \"k\"}"
        .formatted(spirit).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      ReplayStand.get(stand.send(topic, spirit.toString(), waiting));
    }
    ReplayStand.get(stand.send(topic, spirit.toString(),
        "{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(spirit).getBytes(StandardCharsets.UTF_8), "ce_type",
        "com.elephantasm.spirit.created.v1"));
    String request = "{\"mode\": \"dry-run\", \"topic\": \"%s\"%s}";

    JsonNode whole = stand.run(request.formatted(topic, ""));
    JsonNode cut = stand.run(request.formatted(topic, ", \"throttle\": 1"));

    assertThat(count(whole, "stored")).isEqualTo(2);
    assertThat(count(whole, "duplicate")).isEqualTo(2);
    assertThat(cut.get("counts")).isEqualTo(whole.get("counts"));
  }

  @Test
  void another_topic_can_be_applied() {
    UUID spirit = UUID.randomUUID();
    String topic = "archive-" + spirit;
    stand.createTopic(topic, 1);
    ReplayStand.get(stand.send(topic, spirit.toString(), "{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(spirit)
        .getBytes(StandardCharsets.UTF_8), "ce_type", "com.elephantasm.spirit.created.v1"));
    ReplayStand.get(stand.send(topic, spirit.toString(),
        "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"x\"}".formatted(spirit)
            .getBytes(StandardCharsets.UTF_8)));

    JsonNode replay = stand.run("{\"mode\": \"apply\", \"topic\": \"%s\"}".formatted(topic));

    assertThat(count(replay, "stored")).isEqualTo(2);
    assertThat(stand.get("/api/v1/events?agent_id=" + spirit).expect(200).json()).hasSize(1);
    stand.jdbc().sql("DELETE FROM events WHERE agent_id = :id").param("id", spirit).update();
    stand.jdbc().sql("DELETE FROM spirits WHERE id = :id").param("id", spirit).update();
  }

  @Test
  void what_cannot_be_read_is_refused_with_the_reason() {
    Map.of("{\"mode\": \"apply\", \"topic\": \"no-such\"}", "/topic",
        "{\"mode\": \"apply\", \"partitions\": [7]}", "/partitions",
        "{\"mode\": \"apply\", \"from\": {\"0\": 999999}}", "/from",
        "{\"mode\": \"apply\", \"from\": \"2999-01-01T00:00:00Z\"}", "/from",
        "{\"mode\": \"rebuild\", \"agent_id\": \"4ed77144-2596-5006-899e-2dbe2ab3832e\"}", "/agent_id",
        "{\"mode\": \"verify\", \"from\": \"2020-01-01T00:00:00Z\"}", "/from",
        "{\"mode\": \"apply\", \"repair\": true}", "/repair", "{\"mode\": \"apply\", \"throttle\": 0}", "/throttle",
        "{\"mode\": \"aply\"}", "/mode", "{\"mode\": \"apply\", \"tpoic\": \"x\"}", "/tpoic")
        .forEach((body, pointer) -> {
          JsonNode problem = stand.post(REPLAYS, body).expect(422).json();
          assertThat(problem.at("/errors/0/pointer").asString()).as(body).isEqualTo(pointer);
        });
    stand.post(REPLAYS, "{\"mode\":").expect(400);
    stand.get(REPLAYS + "/" + UUID.randomUUID()).expect(404);
  }

  @Test
  void a_replay_can_be_throttled_paused_resumed_and_cancelled() {
    String id = stand.request("{\"mode\": \"dry-run\", \"throttle\": 50}");
    stand.await(id, "running");
    await().atMost(PATIENCE).until(() -> stand.get(REPLAYS + "/" + id).json().at("/progress/read").asLong() > 0);
    stand.post(REPLAYS + "/" + id + "/pause", null).expect(200);
    JsonNode paused = stand.await(id, "paused");
    assertThat(paused.at("/progress/read").asLong()).isLessThan(paused.at("/progress/total").asLong());

    stand.post(REPLAYS + "/" + id + "/resume", null).expect(200);
    JsonNode running = stand.await(id, "running");
    assertThat(running.at("/progress/read").asLong()).isGreaterThanOrEqualTo(paused.at("/progress/read").asLong());
    stand.send("PATCH", REPLAYS + "/" + id, "{\"throttle\": null}").expect(200);
    JsonNode completed = stand.await(id);
    assertThat(completed.get("state").asString()).isEqualTo("completed");
    assertThat(sum(completed)).isEqualTo(completed.at("/progress/partitions").valueStream()
        .mapToLong(partition -> partition.get("read").asLong()).sum());
    JsonNode problem = stand.post(REPLAYS + "/" + id + "/pause", null).expect(409).json();
    assertThat(problem.get("state").asString()).isEqualTo("completed");

    String other = stand.request("{\"mode\": \"dry-run\", \"throttle\": 10}");
    stand.await(other, "running");
    stand.post(REPLAYS + "/" + other + "/cancel", null).expect(200);
    assertThat(stand.await(other).get("state").asString()).isEqualTo("cancelled");
    assertThat(stand.jdbc().sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'dry_run%'").query(Long.class)
        .single()).isZero();
  }

  @Test
  void one_replay_runs_at_a_time() {
    String first = stand.request("{\"mode\": \"dry-run\", \"throttle\": 100}");
    String second = stand.request("{\"mode\": \"dry-run\"}");
    stand.await(first, "running");
    assertThat(stand.get(REPLAYS + "/" + second).json().get("state").asString()).isEqualTo("pending");
    assertThat(stand.get(REPLAYS + "?state=pending").json().get(0).get("id").asString()).isEqualTo(second);
    stand.post(REPLAYS + "/" + first + "/cancel", null).expect(200);
    assertThat(stand.await(second).get("state").asString()).isEqualTo("completed");
  }

  @Test
  void a_restarted_service_goes_on_where_it_stood() {
    JsonNode alone = stand.run("{\"mode\": \"dry-run\"}");
    String id = stand.request("{\"mode\": \"dry-run\", \"throttle\": 200}");
    await().atMost(PATIENCE).until(() -> stand.get(REPLAYS + "/" + id).json().at("/progress/read").asLong() > 0);
    stand.restart();
    stand.send("PATCH", REPLAYS + "/" + id, "{\"throttle\": null}").expect(200);

    assertThat(stand.await(id).get("counts")).isEqualTo(alone.get("counts"));
  }

  @Test
  void progress_comes_as_server_sent_events() {
    String id = stand.request("{\"mode\": \"dry-run\", \"throttle\": 1000}");
    String stream = stand.get(REPLAYS + "/" + id + "/stream").expect(200).response().body();

    assertThat(stream).contains("event: progress\ndata: {\"id\":\"" + id);
    assertThat(stream.substring(stream.lastIndexOf("event:"))).startsWith("event: end").contains("\"completed\"");
  }
}
