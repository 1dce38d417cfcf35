package com.elephantasm.events.writer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.http.access.ApiKey;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole writer on a real broker and a real database, asked over HTTP. Every test has a spirit of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class LetterIntegrationTest {
  static final String TOPIC = "elephantasm.events";
  static final String LETTERS = "/api/v1/dead-letters";
  static final Duration PATIENCE = Duration.ofSeconds(90);
  static final ApiKey ADMIN = ApiKey.random();
  /** Of an operator for one spirit. */
  static final ApiKey OF_ONE = ApiKey.random();
  static final UUID ONE = UUID.randomUUID();

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  static final TestPostgres POSTGRES = TestPostgres.start();
  private static final TestKafka KAFKA = TestKafka.start();
  static final ConfigurableApplicationContext WRITER = writer(KAFKA);
  private static final KafkaProducer<byte[], byte[]> PRODUCER = new KafkaProducer<>(
      Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "acks", "all"), new ByteArraySerializer(),
      new ByteArraySerializer());
  static final JdbcClient JDBC = JdbcClient.create(WRITER.getBean(HikariDataSource.class));

  static {
    // JUnit has no last test of several classes; in this order, as a writer without its database would try for long.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      WRITER.close();
      PRODUCER.close();
      KAFKA.close();
    }));
  }

  final JdbcClient jdbc = JDBC;
  final UUID spirit = UUID.randomUUID();

  static ConfigurableApplicationContext writer(TestKafka kafka, String... settings) {
    List<String> all = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
        "--spring.datasource.url=" + POSTGRES.jdbcUrl(), "--elephantasm.log.partitions=3",
        "--elephantasm.access.mode=api-key", "--elephantasm.access.keys[0].name=ops",
        "--elephantasm.access.keys[0].sha256=" + ADMIN.sha256(), "--elephantasm.access.keys[0].scopes=admin",
        "--elephantasm.access.keys[1].name=of one", "--elephantasm.access.keys[1].sha256=" + OF_ONE.sha256(),
        "--elephantasm.access.keys[1].scopes=admin", "--elephantasm.access.keys[1].spirits=" + ONE));
    all.addAll(List.of(settings));
    return new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application").run(all.toArray(String[]::new));
  }

  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    String text(String pointer) {
      return json().at(pointer).asString();
    }

    Answer expect(int status) {
      assertThat(status()).as(response.body()).isEqualTo(status);
      return this;
    }

    /** Path and query of the next page; null where the list has ended. */
    @Nullable
    String next() {
      return response.headers().firstValue("Link").map(link -> link.substring(1, link.indexOf('>'))).orElse(null);
    }
  }

  static Answer get(String pathAndQuery) {
    return send(ADMIN, "GET", pathAndQuery, null);
  }

  /** @param headers names and values in turn */
  static Answer post(String path, @Nullable String body, String... headers) {
    return send(ADMIN, "POST", path, body, headers);
  }

  static Answer send(ApiKey key, String method, String pathAndQuery, @Nullable String body, String... headers) {
    return send(WRITER, key, method, pathAndQuery, body, headers);
  }

  static Answer send(ConfigurableApplicationContext writer, ApiKey key, String method, String pathAndQuery,
      @Nullable String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + writer.getEnvironment().getProperty("local.server.port"))
            .resolve(pathAndQuery))
        .header("X-API-Key", key.value())
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static String list(String... parameters) {
    return LETTERS + (parameters.length == 0 ? "" : "?" + String.join("&", parameters));
  }

  String ofSpirit(String... more) {
    List<String> parameters = new ArrayList<>(List.of("agent_id=" + spirit));
    parameters.addAll(List.of(more));
    return list(parameters.toArray(String[]::new));
  }

  /** Of this test's spirit, when there are as many as expected. */
  List<JsonNode> letters(int expected, String... filter) {
    List<JsonNode> found = new ArrayList<>();
    await().atMost(PATIENCE).untilAsserted(() -> {
      found.clear();
      get(ofSpirit(filter)).expect(200).json().forEach(found::add);
      assertThat(found).hasSize(expected);
    });
    return found;
  }

  long letter(String... filter) {
    return letters(1, filter).getFirst().get("id").asLong();
  }

  /** The letter of the record at a place, when it is there. */
  static long letterAt(RecordMetadata place) {
    return await().atMost(PATIENCE)
        .until(
            () -> JDBC.sql("""
        SELECT dead_letters.id FROM dead_letters JOIN log_partitions ON log_partitions.id = log_partition
        WHERE topic = :topic AND partition = :partition AND :offset BETWEEN first_offset AND last_offset
        """).param("topic", TOPIC).param("partition", place.partition()).param("offset", place.offset())
                .query(Long.class).list(),
            ids -> ids.size() == 1)
        .getFirst();
  }

  static JsonNode read(long letter) {
    return get(LETTERS + "/" + letter).expect(200).json();
  }

  void createSpirit() {
    createSpirit(spirit);
  }

  static void createSpirit(UUID id) {
    send(id.toString(), "{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(id), "ce_type",
        "com.elephantasm.spirit.created.v1");
    await().atMost(PATIENCE).until(() -> JDBC.sql("SELECT count(*) FROM spirits WHERE id = :id").param("id", id)
        .query(Long.class).single() == 1);
  }

  String event(@Nullable String dedupeKey, String content) {
    return event(spirit, dedupeKey, content);
  }

  static String event(UUID spirit, @Nullable String dedupeKey, String content) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"message.in\", \"content\": \"%s\"%s}".formatted(spirit, content,
        dedupeKey == null ? "" : ", \"dedupe_key\": \"" + dedupeKey + "\"");
  }

  RecordMetadata send(String value) {
    return send(spirit.toString(), value);
  }

  /** As the ingest-api does for a client that waits: nobody waits here, but the writer cannot know. */
  RecordMetadata ask(String value) {
    return send(spirit.toString(), value, "elephantasm_reply_to", "nobody", "elephantasm_request_id", "1");
  }

  static RecordMetadata send(@Nullable String key, @Nullable String value, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], bytes(headers[i + 1]));
    }
    return send(new ProducerRecord<>(TOPIC, null, key == null ? null : bytes(key), value == null ? null : bytes(value),
        all));
  }

  static RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return PRODUCER.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  List<Map<String, @Nullable Object>> events() {
    return jdbc.sql("SELECT * FROM events WHERE agent_id = :id ORDER BY created_at, created_offset")
        .param("id", spirit).query().listOfRows();
  }
}
