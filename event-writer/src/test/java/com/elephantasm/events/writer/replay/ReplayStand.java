package com.elephantasm.events.writer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A writer on a real broker and a real database of its own, with a log of everything that a log can have. */
public final class ReplayStand implements AutoCloseable {
  public static final String TOPIC = "elephantasm.events";
  public static final String REPLAYS = "/api/v1/replays";
  public static final Duration PATIENCE = Duration.ofSeconds(120);
  public static final int PARTITIONS = 3;
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final TestPostgres postgres = TestPostgres.start();
  private final TestKafka kafka = TestKafka.start();
  private final List<String> settings;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;
  private ConfigurableApplicationContext writer;
  private JdbcClient jdbc;

  public ReplayStand(String... settings) {
    this.settings = List.of(settings);
    producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
        new ByteArraySerializer(), new ByteArraySerializer());
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    writer = writer();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
  }

  private ConfigurableApplicationContext writer() {
    List<String> all = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(), "--spring.datasource.url=" + postgres.jdbcUrl(),
        "--elephantasm.log.partitions=" + PARTITIONS));
    all.addAll(settings);
    return new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application").run(all.toArray(String[]::new));
  }

  /** Stops the service and starts it again. */
  public void restart() {
    writer.close();
    writer = writer();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
  }

  public ConfigurableApplicationContext writerContext() {
    return writer;
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  public TestPostgres postgres() {
    return postgres;
  }

  public TestKafka kafka() {
    return kafka;
  }

  public Admin admin() {
    return admin;
  }

  public record Answer(int status, HttpResponse<String> response) {
    public JsonNode json() {
      return JSON.readTree(response.body());
    }

    public Answer expect(int expected) {
      assertThat(status).as(response.body()).isEqualTo(expected);
      return this;
    }
  }

  public Answer get(String path) {
    return send("GET", path, null);
  }

  public Answer post(String path, @Nullable String body) {
    return send("POST", path, body);
  }

  public Answer send(String method, String path, @Nullable String body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(url(path))
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + writer.getEnvironment().getProperty("local.server.port")).resolve(path);
  }

  /** Asks for a replay and returns its id. */
  public String request(String json) {
    return post(REPLAYS, json).expect(201).json().get("id").asString();
  }

  /** The replay when it is in one of these states, or has ended. */
  public JsonNode await(String id, String... states) {
    List<String> wanted = new ArrayList<>(List.of(states));
    wanted.addAll(List.of("completed", "failed", "cancelled"));
    return Awaitility.await().atMost(PATIENCE).until(() -> get(REPLAYS + "/" + id).expect(200).json(),
        replay -> wanted.contains(replay.get("state").asString()));
  }

  /** Asks for a replay that is to complete. */
  public JsonNode run(String json) {
    JsonNode replay = await(request(json));
    assertThat(replay.get("state").asString()).as(replay.toString()).isEqualTo("completed");
    return replay;
  }

  public Future<RecordMetadata> send(String topic, @Nullable String key, byte @Nullable [] value, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
    }
    return producer.send(new ProducerRecord<>(topic, null, null,
        key == null ? null : key.getBytes(StandardCharsets.UTF_8), value, all));
  }

  public Future<RecordMetadata> spirit(UUID id, String name) {
    return change(id, "spirit.created", "{\"id\": \"%s\", \"name\": \"%s\"}".formatted(id, name));
  }

  public Future<RecordMetadata> event(UUID spirit, String key, String content) {
    return change(spirit, "event.created", """
        {"agent_id": "%s", "event_type": "message.in", "content": "%s", "dedupe_key": "%s", "session_id": "s"}
        """.formatted(spirit, content, key));
  }

  /** @param member what is changed, as a member of a JSON object */
  public Future<RecordMetadata> amendment(String spirit, String event, String member) {
    return change(UUID.fromString(spirit), "event.amended",
        "{\"id\": \"%s\", \"agent_id\": \"%s\", %s}".formatted(event, spirit, member));
  }

  /** A change as it would be published by whoever makes it. */
  public Future<RecordMetadata> change(UUID spirit, String type, String json) {
    return send(TOPIC, spirit.toString(), json.getBytes(StandardCharsets.UTF_8), "ce_specversion", "1.0", "ce_id",
        UUID.randomUUID().toString(), "ce_source", "/test", "ce_type", "com.elephantasm." + type + ".v1");
  }

  /** Everything that a log can have, some {@code size} records of it, published and applied. */
  public void publishHistory(long seed, int size) {
    Random random = new Random(seed);
    List<UUID> spirits = new ArrayList<>();
    for (int i = 0; i < Math.max(2, size / 100); i++) {
      spirits.add(new UUID(random.nextLong(), random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L));
    }
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      UUID spirit = spirits.get(random.nextInt(spirits.size()));
      sent.add(switch (random.nextInt(20)) {
        // All but the first, whose events wait for ever.
        case 0 -> spirit(spirits.get(1 + random.nextInt(spirits.size() - 1)), "name " + random.nextInt(3));
        case 1 -> change(spirit, "spirit.amended", "{\"id\": \"%s\", \"%s}".formatted(spirit,
            random.nextInt(4) == 0 ? "is_deleted\": " + random.nextBoolean() : "description\": \"d" + i + "\""));
        case 2 -> send(TOPIC, spirit.toString(), "{broken".getBytes(StandardCharsets.UTF_8));
        case 3 -> event(spirit, "k" + random.nextInt(size), "conflicting " + i);
        case 4, 5 -> send(TOPIC, spirit.toString(), """
            {"agent_id": "%s", "event_type": "tool.call", "content": "plain \\t %d \\\\ ü 🛫", "source_uri": "test://%d",
             "metadata": {"b": 1.0, "a": [%d]}, "importance_score": 0.25, "role": "user"}
            """.formatted(spirit, i, random.nextInt(size), i).getBytes(StandardCharsets.UTF_8));
        default -> {
          int key = random.nextInt(size);
          yield event(spirit, "k" + key, "content of " + key);
        }
      });
    }
    sent.forEach(ReplayStand::get);
    awaitApplied();
    amendSome(random, size / 5);
    awaitApplied();
    for (String kind : List.of("events WHERE changed_offset > created_offset AND is_deleted",
        "spirits WHERE changed_offset > created_offset", "dead_letters WHERE reason = 'conflict'",
        "dead_letters WHERE reason = 'deleted-spirit'", "dead_letters WHERE waiting", "late_events")) {
      assertThat(jdbc.sql("SELECT count(*) FROM " + kind).query(Long.class).single()).as(kind).isPositive();
    }
  }

  private void amendSome(Random random, int count) {
    List<Map<String, @Nullable Object>> events = jdbc.sql("SELECT id, agent_id FROM events ORDER BY id").query()
        .listOfRows();
    for (int i = 0; i < count && !events.isEmpty(); i++) {
      Map<String, @Nullable Object> event = events.get(random.nextInt(events.size()));
      String member = switch (random.nextInt(4)) {
        case 0 -> "\"is_deleted\": " + random.nextBoolean();
        case 1 -> "\"importance_score\": 0." + random.nextInt(10);
        case 2 -> "\"metadata\": {\"n\": %d}".formatted(i);
        default -> "\"meta_summary\": \"summary %d\"".formatted(i);
      };
      get(amendment(String.valueOf(event.get("agent_id")), String.valueOf(event.get("id")), member));
    }
  }

  public static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the store has applied all of the log. */
  public void awaitApplied() {
    Map<Integer, Long> ends = ends(TOPIC);
    Awaitility.await().atMost(PATIENCE).until(() -> ends.entrySet().stream()
        .allMatch(end -> end.getValue() == 0 || reached(end.getKey()) >= end.getValue()));
  }

  private long reached(int partition) {
    return jdbc.sql("SELECT coalesce(max(next_offset), 0) FROM log_partitions WHERE topic = :topic AND partition = :p")
        .param("topic", TOPIC).param("p", partition).query(Long.class).single();
  }

  /** The end offset of each partition. */
  public Map<Integer, Long> ends(String topic) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    get(admin.describeTopics(List.of(topic)).allTopicNames().toCompletionStage().toCompletableFuture()).values()
        .forEach(found -> found.partitions()
            .forEach(each -> asked.put(new TopicPartition(topic, each.partition()), OffsetSpec.latest())));
    Map<Integer, Long> ends = new TreeMap<>();
    get(admin.listOffsets(asked).all().toCompletionStage().toCompletableFuture())
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  public void createTopic(String topic, int partitions) {
    get(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().toCompletionStage()
        .toCompletableFuture());
  }

  /** All that the log decides about the rows, as text, in an order of its own; not in which order partitions were met. */
  public String dump() {
    StringBuilder dump = new StringBuilder();
    for (String sql : List.of("""
        SELECT events.*, created.partition AS created_partition, changed.partition AS changed_partition
        FROM events LEFT JOIN log_partitions AS created ON created.id = created_partition
        LEFT JOIN log_partitions AS changed ON changed.id = changed_partition ORDER BY events.id
        """, """
        SELECT spirits.*, created.partition AS created_partition, changed.partition AS changed_partition
        FROM spirits LEFT JOIN log_partitions AS created ON created.id = created_partition
        LEFT JOIN log_partitions AS changed ON changed.id = changed_partition ORDER BY spirits.id
        """, """
        SELECT partition, first_offset, last_offset, occurrences, reason, episode, detail, agent_id, subject_id, waiting,
          record_digest, record_timestamp, record_key, record_headers, record_value, state
        FROM dead_letters JOIN log_partitions ON log_partitions.id = log_partition
        ORDER BY partition, first_offset, reason, record_digest
        """)) {
      // As the server writes it: the driver's forms depend on how a value was sent.
      jdbc.sql("SELECT row_to_json(line)::text FROM (%s) AS line".formatted(sql)).query(String.class).list()
          .forEach(line -> dump.append(line).append('\n'));
    }
    return dump.toString();
  }

  /** The transaction that wrote each row last. */
  public String xmins() {
    return String.join("\n", jdbc.sql("""
        SELECT 'e' || id || xmin FROM events UNION ALL SELECT 's' || id || xmin FROM spirits
        UNION ALL SELECT 'd' || id || xmin FROM dead_letters ORDER BY 1
        """).query(String.class).list());
  }

  /** A moment that is later than all records so far, and earlier than all to come. */
  public Instant between() {
    Instant now = Instant.now();
    Awaitility.await().pollInterval(Duration.ofMillis(2))
        .until(() -> Instant.now().toEpochMilli() > now.toEpochMilli() + 1);
    return Instant.ofEpochMilli(now.toEpochMilli() + 1);
  }

  /** The writer first: without its database it would try for long. */
  @Override
  public void close() {
    writer.close();
    producer.close();
    admin.close();
    kafka.close();
    postgres.close();
  }
}
