package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * A large store is drained by the live writer while reads go on, and then made anew while the same reads go on and writes, too.
 * Says how fast each was, and how long a write waited at most. {@code -Dtests.events=200000} makes it smaller.
 */
@Tag("long")
@DisplayNameGeneration(ReplaceUnderscores.class)
class RebuildAtScaleTest {
  private static final int EVENTS = Integer.getInteger("tests.events", 2_000_000);
  private static final int SPIRITS = 200;
  private static final String TOPIC = "elephantasm.events";
  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);
  /** A load, not a benchmark of reads: without it they would take a processor for themselves. */
  private static final Duration BETWEEN_READS = Duration.ofMillis(50);
  private static final String FILLING = "an agent said, saw or did something that is as long as most of that is; "
      .repeat(4);

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong longestMillis = new AtomicLong();
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  @Test
  void a_rebuild_under_load_loses_no_write_and_shows_no_read_a_mixture() throws Exception {
    try (TestPostgres postgres = TestPostgres.start(); TestKafka kafka = TestKafka.start()) {
      JdbcClient store = StandaloneTest.store(postgres);
      try (Service first = writer(kafka, postgres)) {
        first.awaitHealthy();
      }
      List<UUID> spirits = publish(kafka);
      try (Service writer = writer(kafka, postgres)) {
        writer.awaitHealthy();
        double drained = drainedUnderReads(writer, store, spirits.getFirst());
        JsonNode replay = rebuiltUnderLoad(writer, kafka, store, spirits);
        report(drained, replay);
      }
      assertThat(wrong).isEmpty();
    }
  }

  private static Service writer(TestKafka kafka, TestPostgres postgres) {
    int port = 18_081;
    ChildProcess process = new ChildProcess(List.of("-Xmx1500m", "-XX:+UseParallelGC"), WriterApplication.class,
        "--server.port=" + port, "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
        "--spring.datasource.url=" + postgres.jdbcUrl());
    return new Service(process, new Client("http://127.0.0.1:" + port), port);
  }

  private static KafkaProducer<String, String> producer(TestKafka kafka) {
    return new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20, "batch.size",
        500_000, "buffer.memory", 128_000_000L), new StringSerializer(), new StringSerializer());
  }

  private static ProducerRecord<String, String> spirit(UUID id) {
    ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, id.toString(),
        "{\"id\": \"%s\", \"name\": \"%s\"}".formatted(id, id));
    record.headers().add("ce_specversion", utf8("1.0")).add("ce_source", utf8("/test"))
        .add("ce_id", utf8(id.toString())).add("ce_type", utf8("com.elephantasm.spirit.created.v1"));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ProducerRecord<String, String> event(UUID spirit, long number) {
    return new ProducerRecord<>(TOPIC, spirit.toString(), """
        {"agent_id": "%s", "event_type": "message.in", "content": "%d %s", "session_id": "s%d", "dedupe_key": "%d",
         "role": "user", "metadata": {"number": %d}}
        """.formatted(spirit, number, FILLING, number / 50, number, number));
  }

  private static List<UUID> publish(TestKafka kafka) {
    List<UUID> spirits = new ArrayList<>();
    try (KafkaProducer<String, String> producer = producer(kafka)) {
      for (int i = 0; i < SPIRITS; i++) {
        spirits.add(UUID.randomUUID());
        producer.send(spirit(spirits.getLast()));
      }
      for (int i = 0; i < EVENTS; i++) {
        producer.send(event(spirits.get(i % SPIRITS), i));
      }
    }
    return spirits;
  }

  private static long applied(JdbcClient store) {
    return store.sql("SELECT coalesce(sum(next_offset), 0) FROM log_partitions").query(Long.class).single();
  }

  /** Events a second, from when the writer was seen at work to its end. */
  private static double drained(JdbcClient store) {
    long from = await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> applied(store), n -> n > 0);
    long began = System.nanoTime();
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> applied(store) >= EVENTS + SPIRITS);
    return (EVENTS + SPIRITS - from) / seconds(began);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private double drainedUnderReads(Service writer, JdbcClient store, UUID spirit) throws InterruptedException {
    await().atMost(PATIENCE).until(() -> writer.client().get("/api/v1/spirits/" + spirit).status() == 200);
    AtomicBoolean drainedAll = new AtomicBoolean();
    Thread lists = Thread.ofPlatform().start(() -> read(writer, spirit, drainedAll, _ -> {}));
    try {
      return drained(store);
    } finally {
      drainedAll.set(true);
      lists.join();
    }
  }

  private JsonNode rebuiltUnderLoad(Service writer, TestKafka kafka, JdbcClient store, List<UUID> spirits)
      throws InterruptedException {
    UUID mine = UUID.randomUUID();
    AtomicLong acknowledged = new AtomicLong();
    Map<String, String> expected = bodies(writer, spirits.getFirst());
    AtomicBoolean done = new AtomicBoolean();
    Thread writes = Thread.ofPlatform().start(() -> write(kafka, mine, store, acknowledged, done));
    Thread lists = Thread.ofPlatform().start(() -> read(writer, spirits.getFirst(), done, read -> {
      reads.incrementAndGet();
      // What does not change has to be read the same, whichever tables it comes from.
      if (!read.body().equals(expected.get(read.path()))) {
        wrong.add("a read of %s: %s".formatted(read.path(), read.body()));
      }
    }));
    JsonNode replay;
    try {
      String id = writer.client().post("/api/v1/replays", "{\"mode\": \"rebuild\"}").id();
      replay = await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(
          () -> writer.client().get("/api/v1/replays/" + id).json(),
          found -> List.of("completed", "failed", "cancelled").contains(found.get("state").asString()));
      assertThat(replay.get("state").asString()).as(replay.toString()).isEqualTo("completed");
    } finally {
      done.set(true);
      writes.join();
      lists.join();
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(written(store, mine)).isEqualTo(acknowledged.get()));
    assertThat(store.sql("SELECT count(*) FROM events").query(Long.class).single())
        .isEqualTo(EVENTS + acknowledged.get());
    return replay;
  }

  private static long written(JdbcClient store, UUID spirit) {
    return store.sql("SELECT count(*) FROM events WHERE agent_id = :id").param("id", spirit).query(Long.class).single();
  }

  private static boolean isWritten(JdbcClient store, UUID spirit, String key) {
    return store.sql("""
        SELECT EXISTS (SELECT FROM events WHERE agent_id = :id AND dedupe_key = :key)
        """).param("id", spirit).param("key", key).query(Boolean.class).single();
  }

  /** One after the other, each until it can be read; how long the slowest took is what a client waits at most. */
  private void write(TestKafka kafka, UUID spirit, JdbcClient store, AtomicLong acknowledged, AtomicBoolean done) {
    try (KafkaProducer<String, String> producer = producer(kafka)) {
      StandaloneTest.get(producer.send(spirit(spirit)));
      while (!done.get()) {
        StandaloneTest.get(producer.send(event(spirit, acknowledged.get())));
        long began = System.nanoTime();
        String key = Long.toString(acknowledged.getAndIncrement());
        await().atMost(PATIENCE).pollInterval(BETWEEN_LOOKS).until(() -> isWritten(store, spirit, key));
        longestMillis.accumulateAndGet(Duration.ofNanos(System.nanoTime() - began).toMillis(), Math::max);
      }
    } catch (RuntimeException e) {
      wrong.add("a write failed: " + e);
    }
  }

  private record Read(String path, String body) {}

  private static List<String> paths(UUID spirit) {
    return List.of("/api/v1/events?limit=100&agent_id=" + spirit, "/api/v1/spirits/" + spirit,
        "/api/v1/events?session_id=s0&agent_id=" + spirit);
  }

  private static Map<String, String> bodies(Service writer, UUID spirit) {
    return paths(spirit).stream()
        .collect(Collectors.toMap(Function.identity(), path -> writer.client().get(path).response().body()));
  }

  /** One after the other, with pauses; no read may ever fail. */
  private void read(Service writer, UUID spirit, AtomicBoolean until, Consumer<Read> reader) {
    while (!until.get()) {
      for (String path : paths(spirit)) {
        Client.Answer answer = writer.client().get(path);
        if (answer.status() == 200) {
          reader.accept(new Read(path, answer.response().body()));
        } else {
          wrong.add("a read of %s: %d %s".formatted(path, answer.status(), answer.response().body()));
        }
        LockSupport.parkNanos(BETWEEN_READS.toNanos());
      }
    }
  }

  private void report(double drained, JsonNode replay) {
    JsonNode result = replay.get("result");
    double rebuilt = result.get("records_per_second").asDouble();
    System.out.printf(
        "%,d events: the live writer drained %,.0f records/s under reads; the rebuild loaded %,.0f records/s under reads and writes (load %.1f s, indexes %.1f s), %.2f times as many%n",
        EVENTS, drained, rebuilt, result.get("load_seconds").asDouble(), result.get("index_seconds").asDouble(),
        rebuilt / drained);
    System.out.printf(
        "switch: writers held %d ms, readers %d ms; the slowest write could be read after %,d ms; %,d reads, %d wrong%n",
        result.get("writers_held_ms").asLong(), result.get("readers_held_ms").asLong(), longestMillis.get(),
        reads.get(), wrong.size());
  }
}
