package com.elephantasm.events.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/** What the probes of the whole writer say, on a real broker and a real database. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HealthTest {
  private static final String TOPIC = "elephantasm.events";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration STALLED_AFTER = Duration.ofSeconds(1);
  /** Two times as long as a stall needs. */
  private static final Duration LONG_ENOUGH = STALLED_AFTER.multipliedBy(2);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static TestKafka kafka;
  private static TestPostgres postgres;
  private static ConfigurableApplicationContext writer;
  private static KafkaProducer<byte[], byte[]> producer;

  private final UUID spirit = UUID.randomUUID();

  @BeforeAll
  static void start() {
    kafka = TestKafka.start();
    postgres = TestPostgres.start();
    producer = producer(Map.of());
    writer = startWriter();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static ConfigurableApplicationContext startWriter() {
    return new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application")
        .run("--server.port=0", "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
            "--spring.datasource.url=" + postgres.jdbcUrl(), "--elephantasm.log.partitions=3",
            "--elephantasm.writer.stalled-after=" + STALLED_AFTER.toSeconds() + "s",
            "--management.endpoint.health.show-details=always");
  }

  @AfterAll
  static void stop() {
    writer.close();
    producer.close();
    postgres.close();
    kafka.close();
  }

  @BeforeEach
  void awaitHealthy() {
    awaitUp("readiness");
    awaitUp("liveness");
  }

  @Test
  void a_batch_that_fails_for_another_reason_than_an_outage_is_a_stall_until_that_is_mended() throws Exception {
    sql("ALTER TABLE events RENAME COLUMN author TO renamed");
    RecordMetadata sent = publish();
    awaitDown("liveness");
    assertThat(probe("liveness").body()).contains("\"partition\":" + sent.partition(), "\"position\":", "\"end\":",
        "\"since\":");
    assertThat(probe("readiness").statusCode()).isEqualTo(200);

    sql("ALTER TABLE events RENAME COLUMN renamed TO author");
    awaitUp("liveness");
    awaitApplied(sent);
  }

  @Test
  void a_batch_that_hangs_is_a_stall_until_it_goes_on() throws Exception {
    RecordMetadata sent;
    try (Connection other = connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE log_partitions IN SHARE MODE");
      sent = publish();
      awaitDown("liveness");
      other.rollback();
    }
    awaitUp("liveness");
    awaitApplied(sent);
  }

  @Test
  void consumers_that_have_ended_are_a_stall_where_nobody_takes_their_partitions() throws Exception {
    try {
      containers().forEach(MessageListenerContainer::stop);
      assertThat(probe("liveness").statusCode()).isEqualTo(200);
      publish();
      awaitDown("liveness");
      assertThat(probe("readiness").statusCode()).isEqualTo(503);
    } finally {
      writer.close();
      writer = startWriter();
    }
  }

  private static List<? extends MessageListenerContainer> containers() {
    ConcurrentMessageListenerContainer<?, ?> all = writer.getBean(ConcurrentMessageListenerContainer.class);
    return List.copyOf(all.getContainers());
  }

  @Test
  void a_database_that_is_away_is_no_stall_and_the_readiness_comes_back_by_itself() throws Exception {
    postgres.stop();
    RecordMetadata sent = publish();
    awaitDown("readiness");
    assertAlive();

    postgres.restart();
    awaitUp("readiness");
    awaitApplied(sent);
  }

  @Test
  void a_database_that_takes_connections_and_says_nothing_holds_up_no_probe() throws Exception {
    RecordMetadata sent;
    postgres.pause();
    try {
      sent = publish();
      awaitDown("readiness");
      assertThat(probe("readiness").body()).contains("no answer within");
      assertAlive();
    } finally {
      postgres.unpause();
    }
    awaitUp("readiness");
    awaitApplied(sent);
  }

  @Test
  void a_database_that_takes_no_writes_is_down() throws Exception {
    String newSessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()";
    sql("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on", newSessions);
    try {
      await().atMost(PATIENCE).until(() -> probe("readiness").body().contains("\"writable\":false"));
      awaitDown("readiness");
    } finally {
      sql("SET default_transaction_read_only = off", "ALTER ROLE CURRENT_USER RESET default_transaction_read_only",
          newSessions);
    }
    awaitUp("readiness");
  }

  @Test
  void offsets_that_hold_no_record_are_no_lag() throws Exception {
    try (KafkaProducer<byte[], byte[]> transactional = producer(Map.of("transactional.id", "marks"))) {
      transactional.initTransactions();
      transactional.beginTransaction();
      RecordMetadata sent = transactional.send(event()).get();
      transactional.commitTransaction();
      awaitApplied(sent);
    }
    assertAlive();
  }

  private static void assertAlive() {
    await().during(LONG_ENOUGH).atMost(PATIENCE).until(() -> probe("liveness").statusCode() == 200);
  }

  private static void awaitUp(String group) {
    await().atMost(PATIENCE).until(() -> probe(group).statusCode() == 200);
  }

  private static void awaitDown(String group) {
    await().atMost(PATIENCE).until(() -> probe(group).statusCode() == 503);
  }

  /** Gives up long before a driver or a pool would. */
  private static HttpResponse<String> probe(String group) throws IOException, InterruptedException {
    String port = writer.getEnvironment().getProperty("local.server.port");
    return HTTP.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health/" + group))
        .timeout(Duration.ofSeconds(4)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Of an unknown spirit, so that it ends as a dead letter; that is applied, too. */
  private ProducerRecord<byte[], byte[]> event() {
    String event = "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"\"}".formatted(spirit);
    return new ProducerRecord<>(TOPIC, utf8(spirit.toString()), utf8(event));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** With its spirit, so that it becomes a row. */
  private RecordMetadata publish() throws InterruptedException, ExecutionException {
    ProducerRecord<byte[], byte[]> created = new ProducerRecord<>(TOPIC, utf8(spirit.toString()),
        utf8("{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(spirit)));
    created.headers().add("ce_type", utf8("com.elephantasm.spirit.created.v1"));
    producer.send(created);
    return producer.send(event()).get();
  }

  private static void awaitApplied(RecordMetadata sent) {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> {
      try (Connection connection = connect()) {
        var position = connection.createStatement().executeQuery(
            "SELECT next_offset FROM log_partitions WHERE topic = '%s' AND partition = %d".formatted(TOPIC,
                sent.partition()));
        return position.next() && position.getLong(1) > sent.offset();
      }
    });
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = connect()) {
      for (String statement : statements) {
        connection.createStatement().execute(statement);
      }
    }
  }
}
