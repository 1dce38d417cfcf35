package com.elephantasm.events.writer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole writer on a real broker and a real database, each class with a log of its own: a rebuild makes all of the store. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class RebuildIntegrationTest {
  static final String TOPIC = "elephantasm.events";
  static final int PARTITIONS = 4;
  static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String REPLAYS = "/api/v1/replays";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  static TestPostgres postgres;
  static TestKafka kafka;
  static ConfigurableApplicationContext writer;
  static KafkaProducer<byte[], byte[]> producer;
  static Admin admin;
  static JdbcClient jdbc;

  final UUID spirit = UUID.randomUUID();

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start();
    kafka = TestKafka.start();
    producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "linger.ms", 5),
        new ByteArraySerializer(), new ByteArraySerializer());
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    writer = startWriter();
    jdbc = JdbcClient.create(writer.getBean(HikariDataSource.class));
  }

  static ConfigurableApplicationContext startWriter(String... settings) {
    List<String> all = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
        "--spring.datasource.url=" + postgres.jdbcUrl(), "--elephantasm.log.partitions=" + PARTITIONS));
    all.addAll(List.of(settings));
    return new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application").run(all.toArray(String[]::new));
  }

  @AfterAll
  static void stop() {
    writer.close();
    producer.close();
    admin.close();
    postgres.close();
    kafka.close();
  }

  static HttpResponse<String> send(String method, String path, @Nullable String body) {
    URI uri = URI.create("http://127.0.0.1:" + writer.getEnvironment().getProperty("local.server.port")).resolve(path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }

  static String startRebuild(String... members) {
    String more = members.length == 0 ? "" : ", " + String.join(", ", members);
    return json(send("POST", REPLAYS, "{\"mode\": \"rebuild\"%s}".formatted(more))).at("/id").asString();
  }

  static JsonNode replay(String id) {
    return json(send("GET", REPLAYS + "/" + id, null));
  }

  static JsonNode rebuilt(String id) {
    awaitState(id, "completed");
    return replay(id);
  }

  static void awaitState(String id, String state) {
    await().atMost(PATIENCE).until(() -> replay(id).at("/state").asString(), now -> {
      assertThat(now).as(() -> replay(id).toString()).isIn("pending", "running", "paused", state);
      return now.equals(state);
    });
  }

  static void awaitPhase(String id, String beginning) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> replay(id).at("/phase").asString(""),
        phase -> phase.startsWith(beginning));
  }

  static void control(String id, String action) {
    assertThat(send("POST", REPLAYS + "/" + id + "/" + action, "").statusCode()).isLessThan(300);
  }

  static void withoutThrottle(String id) {
    json(send("PATCH", REPLAYS + "/" + id, "{\"throttle\": null}"));
  }

  static Future<RecordMetadata> publish(UUID key, @Nullable String type, String value, String... headers) {
    RecordHeaders all = new RecordHeaders();
    if (type != null) {
      all.add("ce_type", bytes("com.elephantasm." + type + ".v1"));
    }
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], bytes(headers[i + 1]));
    }
    return producer.send(new ProducerRecord<>(TOPIC, null, null, bytes(key.toString()), bytes(value), all));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static void createSpirit(UUID id) {
    publish(id, "spirit.created", "{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(id));
  }

  static Future<RecordMetadata> createEvent(UUID spirit, String key, String content) {
    return publish(spirit, null, """
        {"agent_id": "%s", "event_type": "message.in", "content": %s, "dedupe_key": "%s", "session_id": "s1"}"""
        .formatted(spirit, JSON.writeValueAsString(content), key));
  }

  /** Until the store has applied all that is in the log. */
  static void awaitDrained() {
    producer.flush();
    Map<Integer, Long> ends = ends();
    await().atMost(PATIENCE).until(() -> {
      Map<Integer, Long> reached = new LinkedHashMap<>();
      jdbc.sql("SELECT partition, next_offset FROM log_partitions WHERE topic = :topic ORDER BY id")
          .param("topic", TOPIC).query(row -> {
            reached.put(row.getInt(1), row.getLong(2));
          });
      return ends.entrySet().stream().allMatch(end -> reached.getOrDefault(end.getKey(), 0L) >= end.getValue());
    });
  }

  /** Until Kafka knows, too, what the writer has applied: a commit waits for the end of a rebalance, and a stop does not. */
  static void awaitCommitted() {
    Map<Integer, Long> ends = ends();
    ends.values().removeIf(end -> end == 0);
    await().atMost(PATIENCE).until(RebuildIntegrationTest::committed, ends::equals);
  }

  private static Map<Integer, Long> committed() throws InterruptedException, ExecutionException {
    Map<Integer, Long> offsets = new LinkedHashMap<>();
    admin.listConsumerGroupOffsets("elephantasm-event-writer").partitionsToOffsetAndMetadata().get()
        .forEach((partition, offset) -> offsets.put(partition.partition(), offset.offset()));
    return offsets;
  }

  static Map<Integer, Long> ends() {
    Map<TopicPartition, OffsetSpec> asked = new LinkedHashMap<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      asked.put(new TopicPartition(TOPIC, partition), OffsetSpec.latest());
    }
    try {
      Map<Integer, Long> ends = new LinkedHashMap<>();
      admin.listOffsets(asked).all().get().forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
      return ends;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All rows of what the log makes, with what a partition is called everywhere in place of its number. */
  static Map<String, List<String>> dump() {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (String table : new String[]{"events", "spirits"}) {
      tables.put(table, jdbc.sql("""
          SELECT (SELECT row_to_json(row) FROM (SELECT %1$s.*) AS row)::jsonb - 'created_partition' - 'changed_partition'
            || jsonb_build_object('created_in', (SELECT partition FROM log_partitions WHERE id = created_partition),
              'changed_in', (SELECT partition FROM log_partitions WHERE id = changed_partition))
          FROM %1$s ORDER BY id
          """.formatted(table)).query((row, _) -> row.getString(1)).list());
    }
    return tables;
  }

  /** All rows of what people have to do with. */
  static Map<String, List<String>> letters() {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (String table : new String[]{"dead_letters", "redrives"}) {
      tables.put(table, jdbc.sql("SELECT row_to_json(%1$s)::text FROM %1$s ORDER BY id".formatted(table))
          .query((row, _) -> row.getString(1)).list());
    }
    return tables;
  }

  static List<String> schemas(String like) {
    return jdbc.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE :like ORDER BY nspname").param("like", like)
        .query((row, _) -> row.getString(1)).list();
  }

  /** Indexes, constraints, columns, sequences, storage parameters: whatever makes two schemas different. */
  static List<String> structure(String schema) {
    return jdbc.sql("""
        SELECT replace(pg_get_indexdef(indexrelid), :schema || '.', '') || indisvalid
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = :schema::regnamespace
          AND relname NOT IN ('flyway_schema_history', 'replays', 'replay_partitions')
        UNION ALL
        SELECT relname || ' ' || conname || ' ' || replace(pg_get_constraintdef(pg_constraint.oid), :schema || '.', '')
        FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE relnamespace = :schema::regnamespace
          AND relname NOT IN ('flyway_schema_history', 'replays', 'replay_partitions')
        UNION ALL
        SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable, column_default,
          identity_generation, identity_increment, identity_minimum, identity_maximum, identity_start)
        FROM information_schema.columns WHERE table_schema = :schema
          AND table_name NOT IN ('flyway_schema_history', 'replays', 'replay_partitions')
        UNION ALL
        SELECT relname || ' ' || relkind::text || ' ' || coalesce(array_to_string(reloptions, ','), '') || ' '
          || coalesce(relacl::text, '') || ' ' || relpersistence::text
        FROM pg_class WHERE relnamespace = :schema::regnamespace AND relkind IN ('r', 'S')
          AND relname NOT IN ('flyway_schema_history', 'replays', 'replay_partitions')
        ORDER BY 1
        """).param("schema", schema).query((row, _) -> row.getString(1)).list();
  }
}
