package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
 * A writer that is killed while it replays, and another one that goes on. With {@code -Dtests.kills} it is killed more
 * often, with {@code -Dtests.seed} at other moments.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KilledReplayTest {
  private static final int KILLS = Integer.getInteger("tests.kills", 1);
  private static final long SEED = Long.getLong("tests.seed", 1);
  private static final int RECORDS = 20_000;
  private static final int AMENDMENTS = 500;
  private static final String TOPIC = "elephantasm.events";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static TestPostgres postgres;
  private static TestKafka kafka;
  private static JdbcClient store;
  /** The rows that the log comes to. */
  private static List<String> published = List.of();

  @BeforeAll
  static void publish() {
    postgres = TestPostgres.start();
    kafka = TestKafka.start();
    store = StandaloneTest.store(postgres);
    try (Service writer = writer()) {
      writer.awaitHealthy();
      try (KafkaProducer<String, String> producer = StandaloneTest.producer(kafka.bootstrapServers())) {
        Random random = new Random(SEED);
        List<UUID> spirits = Stream.generate(() -> uuid(random)).limit(200).toList();
        List<ProducerRecord<String, String>> sent = new ArrayList<>();
        for (int i = 0; i < RECORDS - AMENDMENTS; i++) {
          sent.add(record(random, spirits, sent));
          producer.send(sent.getLast());
        }
        producer.flush();
        awaitApplied();
        store.sql("SELECT id, agent_id FROM events ORDER BY id LIMIT :limit").param("limit", AMENDMENTS)
            .query((row, _) -> change("event.amended", row.getString("agent_id"),
                "{\"id\": \"%s\", \"agent_id\": \"%s\", \"importance_score\": 0.5}".formatted(row.getString("id"),
                    row.getString("agent_id"))))
            .list().forEach(producer::send);
        producer.flush();
        awaitApplied();
      }
    }
    published = rows();
    for (String kind : List.of("events WHERE changed_offset > created_offset",
        "spirits WHERE changed_offset > created_offset", "late_events", "dead_letters WHERE reason = 'malformed'",
        "dead_letters WHERE reason = 'conflict'", "dead_letters WHERE reason = 'deleted-spirit'",
        "dead_letters WHERE waiting", "dead_letters WHERE waiting AND occurrences > 1")) {
      assertThat(store.sql("SELECT count(*) FROM " + kind).query(Long.class).single()).as(kind).isPositive();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
    postgres.close();
  }

  private static UUID uuid(Random random) {
    return new UUID(random.nextLong(), random.nextLong());
  }

  /** Events before and after their spirit or without it, some twice, some in conflict, and what nobody can read. */
  private static ProducerRecord<String, String> record(Random random, List<UUID> spirits,
      List<ProducerRecord<String, String>> sent) {
    UUID spirit = spirits.get(random.nextInt(spirits.size()));
    int i = sent.size();
    return switch (i == 0 ? 99 : random.nextInt(100)) {
      case 0, 1 -> {
        // All but the first, whose events wait for ever.
        UUID known = spirits.get(1 + random.nextInt(spirits.size() - 1));
        yield change("spirit.created", known.toString(),
            "{\"id\": \"%s\", \"name\": \"%d\"}".formatted(known, random.nextInt(3)));
      }
      case 2 -> change("spirit.amended", spirit.toString(), "{\"id\": \"%s\", %s}".formatted(spirit,
          random.nextInt(4) == 0 ? "\"is_deleted\": " + random.nextBoolean() : "\"description\": \"%d\"".formatted(i)));
      case 3 -> new ProducerRecord<>(TOPIC, spirit.toString(), "{broken " + i % 50);
      case 4, 5, 6, 7, 8 -> event(spirit, random.nextInt(3), i);
      // As a sender does that has no answer, at once or later.
      case 9, 10, 11, 12, 13, 14 -> sent.get(Math.max(0, i - 1 - random.nextInt(10)));
      case 15, 16, 17, 18, 19 -> sent.get(random.nextInt(i));
      default -> event(spirit, 1000 + i, i);
    };
  }

  private static ProducerRecord<String, String> event(UUID spirit, int key, int content) {
    return new ProducerRecord<>(TOPIC, spirit.toString(), """
        {"agent_id": "%s", "event_type": "tool.call", "content": "%d", "dedupe_key": "%d"}
        """.formatted(spirit, content, key));
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

  /** Also until the writer has told Kafka: the next one would read again, into a store that was emptied meanwhile. */
  private static void awaitApplied() {
    try (KafkaProducer<String, String> producer = StandaloneTest.producer(kafka.bootstrapServers());
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      StandaloneTest.get(admin.listOffsets(producer.partitionsFor(TOPIC).stream()
          .collect(Collectors.toMap(each -> new TopicPartition(TOPIC, each.partition()), _ -> OffsetSpec.latest())))
          .all()).forEach((partition, end) -> ends.put(partition, end.offset()));
      await().atMost(PATIENCE).until(() -> {
        Map<TopicPartition, OffsetAndMetadata> committed = StandaloneTest
            .get(admin.listConsumerGroupOffsets("elephantasm-event-writer").partitionsToOffsetAndMetadata());
        return ends.entrySet().stream().allMatch(end -> end.getValue() == 0
            || committed.get(end.getKey()) instanceof OffsetAndMetadata at && at.offset() >= end.getValue());
      });
    }
  }

  private static Service writer() {
    return Service.writer(kafka, postgres, "--elephantasm.replay.lease=1s", "--elephantasm.replay.batch-size=100",
        "--elephantasm.log.partitions=4");
  }

  private static void empty() {
    store.sql("TRUNCATE events, spirits, dead_letters, late_events, redrives").update();
    store.sql("UPDATE log_partitions SET next_offset = 0").update();
  }

  /** As the server writes them, but for the numbers of letters, which are given in the order of their coming. */
  private static List<String> rows() {
    return store.sql("""
        SELECT row_to_json(events)::text FROM events UNION ALL SELECT row_to_json(spirits)::text FROM spirits
        UNION ALL SELECT row_to_json(letter)::text FROM (
          SELECT log_partition, first_offset, last_offset, occurrences, reason, episode, detail, agent_id, subject_id,
            waiting, record_digest, record_timestamp, record_key, record_headers, record_value, state
          FROM dead_letters) AS letter
        ORDER BY 1
        """).query((row, _) -> row.getString(1)).list();
  }

  /** The first of those rows that are missing or too many. */
  private static List<String> differences(List<String> expected) {
    List<String> found = rows();
    return Stream.concat(
        expected.stream().filter(Predicate.not(Set.copyOf(found)::contains)).map(row -> "missing " + row),
        found.stream().filter(Predicate.not(Set.copyOf(expected)::contains)).map(row -> "unexpected " + row))
        .limit(10).toList();
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
    boolean fromEmpty = !mode.equals("verify");
    List<String> expected = mode.equals("dry-run") ? List.of() : published;
    JsonNode alone;
    try (Service writer = writer()) {
      writer.awaitHealthy();
      if (fromEmpty) {
        empty();
      }
      alone = replay(writer, mode);
    }
    assertThat(differences(expected)).isEmpty();
    if (fromEmpty) {
      empty();
    }
    JsonNode killed = killed(mode);

    assertThat(killed.get("counts")).isEqualTo(alone.get("counts"));
    assertThat(killed.get("drift")).isEqualTo(alone.get("drift"));
    assertThat(differences(expected)).isEmpty();
    assertThat(store.sql("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(dry_run|verify|rebuild)_'")
        .query(String.class).list()).isEmpty();
    if (mode.equals("dry-run")) {
      try (Service writer = writer()) {
        writer.awaitHealthy();
        assertThat(replay(writer, "apply").get("counts")).isEqualTo(alone.get("counts"));
      }
      assertThat(differences(published)).isEmpty();
    }
  }

  private static JsonNode replay(Service writer, String mode) {
    return completed(writer, writer.client().post("/api/v1/replays", "{\"mode\": \"%s\"}".formatted(mode)).id());
  }

  private static JsonNode killed(String mode) throws InterruptedException {
    Random random = new Random(SEED);
    List<String> moments = new ArrayList<>();
    String id = "";
    for (int kill = 1; kill <= KILLS; kill++) {
      try (Service writer = writer()) {
        writer.awaitHealthy();
        if (id.isEmpty()) {
          id = writer.client().post("/api/v1/replays", "{\"mode\": \"%s\", \"throttle\": 1000}".formatted(mode)).id();
        }
        // Anywhere in this life's share of the log, but after it has begun; the last fifth is for whoever ends it.
        long mark = Math.max((long) (0.8 * RECORDS * (kill - random.nextDouble()) / KILLS), read(id) + 1);
        String replay = id;
        // Much of the time it waits for its throttle, so half of the kills are made to fall into a transaction.
        boolean inTransaction = random.nextBoolean();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1))
            .until(() -> read(replay) >= mark && (!inTransaction || isWriting()));
        writer.process().kill();
        moments.add(read(replay) + (inTransaction ? " in a transaction" : ""));
        assertThat(state(replay)).as("killed at %s", moments).isEqualTo("running");
      }
    }
    System.out.printf("%s, -Dtests.seed=%d: killed when it had read %s%n", mode, SEED, moments);
    try (Service writer = writer()) {
      writer.awaitHealthy();
      writer.client().send("PATCH", "/api/v1/replays/" + id, "{\"throttle\": null}");
      JsonNode replay = completed(writer, id);
      System.out.println(replay.get("counts"));
      return replay;
    }
  }

  private static long read(String replay) {
    return store.sql("SELECT coalesce(sum(read), 0) FROM replay_partitions WHERE replay = :id::uuid")
        .param("id", replay).query(Long.class).single();
  }

  private static String state(String replay) {
    return store.sql("SELECT state FROM replays WHERE id = :id::uuid").param("id", replay).query(String.class).single();
  }

  /** Whether a transaction is open that has written something. */
  private static boolean isWriting() {
    return store.sql("""
        SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid())
        """).query(Boolean.class).single();
  }
}
