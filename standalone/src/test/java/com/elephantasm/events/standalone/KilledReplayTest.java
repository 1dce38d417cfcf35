package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * A writer that is killed while it replays, and another one that goes on. With {@code -Delephantasm.kills} it is killed more
 * often, with {@code -Delephantasm.seed} at other moments.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KilledReplayTest {
  private static final int KILLS = Integer.getInteger("elephantasm.kills", 1);
  private static final long SEED = Long.getLong("elephantasm.seed", 1);
  private static final int RECORDS = 12_000;
  private static final String TOPIC = "elephantasm.events";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static EmbeddedPostgres postgres;
  private static EmbeddedKafka kafka;
  private static JdbcClient store;

  @BeforeAll
  static void publish() {
    postgres = EmbeddedPostgres.start();
    kafka = EmbeddedKafka.start();
    store = StandaloneTest.store(postgres);
    try (Service writer = writer()) {
      writer.awaitHealthy();
      try (KafkaProducer<String, String> producer = StandaloneTest.producer(kafka.bootstrapServers())) {
        Random random = new Random(SEED);
        List<UUID> spirits = Stream.generate(UUID::randomUUID).limit(40).toList();
        for (int i = 0; i < RECORDS; i++) {
          producer.send(record(random, spirits.get(random.nextInt(spirits.size())), i));
        }
        producer.flush();
        awaitApplied();
        store.sql("SELECT id, agent_id FROM events ORDER BY id LIMIT 500").query((row, _) -> change("event.amended",
            row.getString("agent_id"), "{\"id\": \"%s\", \"agent_id\": \"%s\", \"importance_score\": 0.5}"
                .formatted(row.getString("id"), row.getString("agent_id"))))
            .list().forEach(producer::send);
        producer.flush();
        awaitApplied();
      }
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  /** Events before and after their spirit, some twice, some in conflict, and what nobody can read. */
  private static ProducerRecord<String, String> record(Random random, UUID spirit, int i) {
    return switch (random.nextInt(100)) {
      case 0, 1 -> change("spirit.created", spirit.toString(),
          "{\"id\": \"%s\", \"name\": \"%d\"}".formatted(spirit, random.nextInt(3)));
      case 2 -> new ProducerRecord<>(TOPIC, spirit.toString(), "{broken " + i);
      default -> new ProducerRecord<>(TOPIC, spirit.toString(), """
          {"agent_id": "%s", "event_type": "tool.call", "content": "%d", "dedupe_key": "%d"}
          """.formatted(spirit, i % 3000 == 0 ? i : i / 2, i / 2));
    };
  }

  private static ProducerRecord<String, String> change(String type, String spirit, String json) {
    ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, spirit, json);
    record.headers().add("ce_specversion", utf8("1.0")).add("ce_source", utf8("/test"))
        .add("ce_id", utf8(UUID.randomUUID().toString())).add("ce_type", utf8("com.elephantasm." + type + ".v1"));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void awaitApplied() {
    long end = ends();
    await().atMost(PATIENCE).until(() -> store.sql("SELECT coalesce(sum(next_offset), 0) FROM log_partitions")
        .query(Long.class).single() >= end);
  }

  private static long ends() {
    try (KafkaProducer<String, String> producer = StandaloneTest.producer(kafka.bootstrapServers());
        Admin admin = Admin
            .create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      return StandaloneTest.get(admin.listOffsets(producer.partitionsFor(TOPIC).stream()
          .collect(Collectors.toMap(
              each -> new TopicPartition(TOPIC, each.partition()),
              _ -> OffsetSpec.latest())))
          .all()).values().stream().mapToLong(each -> each.offset()).sum();
    }
  }

  private static Service writer() {
    return Service.writer(kafka, postgres, "--elephantasm.replay.lease=1s", "--elephantasm.replay.batch-size=50",
        "--elephantasm.log.partitions=4");
  }

  private static void empty() {
    store.sql("TRUNCATE events, spirits, dead_letters, late_events, redrives").update();
    store.sql("UPDATE log_partitions SET next_offset = 0").update();
  }

  private static String rows() {
    return String.join("\n", store.sql("""
        SELECT row_to_json(events)::text FROM events UNION ALL SELECT row_to_json(spirits)::text FROM spirits
        UNION ALL SELECT row_to_json(letter)::text FROM (
          SELECT log_partition, first_offset, last_offset, occurrences, reason, waiting FROM dead_letters) AS letter
        ORDER BY 1
        """).query(String.class).list());
  }

  private static JsonNode completed(Service writer, String id) {
    JsonNode replay = await().atMost(PATIENCE).ignoreExceptions().until(
        () -> writer.client().get("/api/v1/replays/" + id).json(),
        found -> List.of("completed", "failed", "cancelled").contains(found.get("state").asString()));
    assertThat(replay.get("state").asString()).as(replay.toString()).isEqualTo("completed");
    return replay;
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply", "dry-run", "verify", "rebuild"})
  void a_replay_that_is_killed_and_resumed_ends_with_the_counts_of_one_left_alone(String mode) throws Exception {
    String before = rows();
    boolean fills = mode.equals("apply") || mode.equals("rebuild");
    JsonNode alone;
    try (Service writer = writer()) {
      writer.awaitHealthy();
      if (fills) {
        empty();
      }
      alone = completed(writer, writer.client().post("/api/v1/replays", "{\"mode\": \"%s\"}".formatted(mode)).id());
    }
    assertThat(rows()).isEqualTo(before);
    if (fills) {
      empty();
    }
    JsonNode killed = killed(mode);

    assertThat(killed.get("counts")).isEqualTo(alone.get("counts"));
    assertThat(killed.get("drift")).isEqualTo(alone.get("drift"));
    assertThat(rows()).isEqualTo(before);
  }

  private static JsonNode killed(String mode) throws InterruptedException {
    Random random = new Random(SEED);
    String id = "";
    for (int kill = 1; kill <= KILLS; kill++) {
      try (Service writer = writer()) {
        writer.awaitHealthy();
        if (id.isEmpty()) {
          id = writer.client().post("/api/v1/replays", "{\"mode\": \"%s\", \"throttle\": 1000}".formatted(mode)).id();
        }
        // Anywhere in this life's share of the log, be it before its first record.
        long mark = (long) (RECORDS * (kill - random.nextDouble()) / (KILLS + 1));
        String replay = id;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> read(replay) >= mark);
        writer.process().kill();
      }
    }
    try (Service writer = writer()) {
      writer.awaitHealthy();
      writer.client().send("PATCH", "/api/v1/replays/" + id, "{\"throttle\": null}");
      return completed(writer, id);
    }
  }

  private static long read(String replay) {
    return store.sql("SELECT coalesce(sum(read), 0) FROM replay_partitions WHERE replay = :id::uuid")
        .param("id", replay).query(Long.class).single();
  }
}
