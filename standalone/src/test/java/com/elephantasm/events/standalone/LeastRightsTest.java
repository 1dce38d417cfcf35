package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.standalone.Client.Answer;
import com.elephantasm.events.writer.WriterApplication;
import com.elephantasm.events.writer.command.WriterCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Both services on a Kafka and a PostgreSQL that are secured, with the rights of docs/security.md and no others. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(OutputCaptureExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LeastRightsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir
  private static Path folder;
  private static SecuredServers servers;
  private static Running ingest;
  private static Running writer;

  private record Running(ConfigurableApplicationContext context, Client client) implements AutoCloseable {
    static Running start(Class<?> application, String name, Stream<String> settings) {
      ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
          .properties("spring.config.name=http,%s,application".formatted(name))
          .run(Stream.concat(Stream.of("--server.port=0"), settings).toArray(String[]::new));
      return new Running(context,
          new Client("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")));
    }

    static Running ingest(List<String> kafka) {
      return start(IngestApplication.class, "ingest-api", Stream.concat(kafka.stream(), Stream.of(
          "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
              + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")));
    }

    static Running writer(List<String> kafka, List<String> database) {
      return start(WriterApplication.class, "event-writer",
          Stream.of(kafka, database, List.of("--elephantasm.writer.threads=1")).flatMap(List::stream));
    }

    String health() {
      return client.get("/actuator/health").response().body();
    }

    void awaitHealthy() {
      await().atMost(PATIENCE).untilAsserted(
          () -> assertThat(client.get("/actuator/health/readiness").status()).as(health()).isEqualTo(200));
    }

    @Override
    public void close() {
      context.close();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    servers = new SecuredServers(folder);
    writer = Running.writer(servers.scram("event-writer", SecuredServers.PASSWORD),
        servers.database(SecuredServers.PASSWORD));
    ingest = Running.ingest(servers.scram("ingest-api", SecuredServers.PASSWORD));
    writer.awaitHealthy();
    ingest.awaitHealthy();
  }

  @AfterAll
  static void stop() {
    ingest.close();
    writer.close();
    servers.close();
  }

  @Test
  @Order(1)
  void with_exactly_the_documented_rights_everything_works(CapturedOutput output) throws Exception {
    String spirit = ingest.client().newSpirit();
    assertThat(store(ingest.client(), spirit, "first").status()).isEqualTo(201);
    assertThat(events(spirit)).contains("first");
    String event = writer.client().get("/api/v1/events?agent_id=" + spirit).json().at("/0/id").asString();
    assertThat(writer.client().send("PATCH", "/api/v1/events/" + event, "{\"role\": \"new\"}", "Prefer", "wait=30")
        .status()).isEqualTo(200);

    try (KafkaProducer<String, String> producer = new KafkaProducer<>(servers.clientOf("producer"),
        new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("elephantasm.events", spirit, "{\"agent_id\": ")).get();
    }
    String letters = "/api/v1/dead-letters?reason=malformed";
    await().atMost(PATIENCE).until(() -> writer.client().get(letters).json().size() == 1);
    String letter = writer.client().get(letters).json().at("/0/id").asString();
    Answer redriven = writer.client().post("/api/v1/dead-letters/" + letter + "/redrive",
        "{\"value\": %s}".formatted(event(spirit, "redriven")));
    assertThat(redriven.status()).as(redriven.response().body()).isLessThan(300);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(events(spirit)).contains("redriven"));

    for (String mode : List.of("verify", "dry-run", "rebuild")) {
      List<String> command = new ArrayList<>(List.of("replay", mode, "--jdbc-url", servers.jdbcUrl(), "--user",
          "elephantasm_owner", "--password", SecuredServers.PASSWORD));
      servers.scram("operator", SecuredServers.PASSWORD).forEach(command::add);
      assertThat(WriterCommand.run(command.toArray(String[]::new))).as("%s: %s", mode, output).isZero();
    }
    assertThat(store(ingest.client(), spirit, "after the rebuild").status()).isEqualTo(201);
    assertThat(output).doesNotContain("not authorized", "permission denied", "is not checked");
  }

  @Test
  @Order(2)
  void analysts_read_and_change_nothing() throws SQLException {
    try (Connection reader = servers.connect("elephantasm_reader"); Statement statement = reader.createStatement()) {
      assertThat(statement.executeQuery("SELECT id FROM events").next()).isTrue();
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("DELETE FROM events"))
          .withMessageContaining("permission denied for table events");
    }
    try (Connection role = servers.connect("elephantasm_writer"); Statement statement = role.createStatement()) {
      assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("CREATE TABLE t (i integer)"))
          .withMessageContaining("permission denied for schema public");
    }
  }

  @Test
  @Order(3)
  void each_right_of_Kafka_that_is_taken_away_is_named_by_the_health() throws Exception {
    Map<String, Running> services = Map.of("User:ingest-api", ingest, "User:event-writer", writer);
    for (AclBinding right : new SecurityPage().accessControl()) {
      Running service = services.get(right.entry().principal());
      if (service == null || right.entry().operation() == AclOperation.DESCRIBE_CONFIGS) {
        continue;
      }
      servers.admin().deleteAcls(Set.of(right.toFilter())).all().get();
      String resource = right.pattern().resourceType() == ResourceType.TOPIC
          ? "Topic "
          : "Group ";
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(service.health()).contains("not authorized: give ",
          right.entry().operation().name(), " on " + resource + right.pattern().name()));
      servers.admin().createAcls(Set.of(right)).all().get();
      service.awaitHealthy();
    }
  }

  @Test
  @Order(4)
  void a_write_that_Kafka_refuses_is_a_503_and_the_log_names_the_right(CapturedOutput output) throws Exception {
    String spirit = ingest.client().newSpirit();
    AclBinding write = new SecurityPage().accessControl().stream()
        .filter(right -> right.entry().principal().equals("User:ingest-api")
            && right.entry().operation() == AclOperation.WRITE)
        .findFirst().orElseThrow();
    servers.admin().deleteAcls(Set.of(write.toFilter())).all().get();
    await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(store(ingest.client(), spirit, "refused").status()).isEqualTo(503);
      assertThat(output).contains(
          "Nothing can be published: not authorized: give WRITE on Topic elephantasm.events to this service's user");
    });
    servers.admin().createAcls(Set.of(write)).all().get();
    await().atMost(PATIENCE).untilAsserted(
        () -> assertThat(store(ingest.client(), spirit, "again").status()).isEqualTo(201));
  }

  @ParameterizedTest
  @Order(5)
  @CsvSource({"SELECT, events", "INSERT, events", "UPDATE, log_partitions", "DELETE, dead_letters"})
  void a_right_of_the_database_that_is_missing_is_named_and_nothing_is_lost(String privilege, String table,
      CapturedOutput output) throws Exception {
    String spirit = UUID.randomUUID().toString();
    try (Connection owner = servers.connect("elephantasm_owner"); Statement statement = owner.createStatement()) {
      statement.execute("REVOKE %s ON %s FROM elephantasm_writer".formatted(privilege, table));
      try {
        // Waits for its spirit as a dead letter, which goes when the spirit comes.
        assertThat(store(ingest.client(), spirit, "refused", "Prefer", "respond-async").status()).isEqualTo(202);
        assertThat(ingest.client().send("PUT", "/api/v1/spirits/" + spirit, "{\"name\": \"Ada\"}", "Prefer",
            "respond-async").status()).isEqualTo(202);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(output)
            .contains("not authorized: give %s on %s to elephantasm_writer".formatted(privilege, table)));
      } finally {
        statement.execute("GRANT %s ON %s TO elephantasm_writer".formatted(privilege, table));
      }
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(events(spirit)).contains("refused"));
  }

  @Test
  @Order(6)
  void a_service_that_cannot_check_the_topic_works_and_says_so(CapturedOutput output) throws Exception {
    List<AclBinding> rights = new SecurityPage().accessControl().stream()
        .filter(right -> right.entry().principal().equals("User:ingest-api")
            && right.entry().operation() == AclOperation.DESCRIBE_CONFIGS)
        .toList();
    assertThat(rights).hasSize(2);
    servers.admin().deleteAcls(rights.stream().map(AclBinding::toFilter).toList()).all().get();
    try (Running unchecked = Running.ingest(servers.scram("ingest-api", SecuredServers.PASSWORD))) {
      unchecked.awaitHealthy();
      String spirit = unchecked.client().newSpirit();
      assertThat(store(unchecked.client(), spirit, "unchecked").status()).isEqualTo(201);
      assertThat(output).contains("Whether the settings of the topic elephantasm.events keep what is promised is not "
          + "checked: give DESCRIBE_CONFIGS on Topic elephantasm.events to this service's user");
    } finally {
      servers.admin().createAcls(rights).all().get();
    }
  }

  @Test
  @Order(7)
  void what_needs_the_owner_of_the_tables_says_so(CapturedOutput output) {
    List<String> command = new ArrayList<>(List.of("replay", "verify", "--jdbc-url", servers.jdbcUrl(), "--user",
        "elephantasm_writer", "--password", SecuredServers.PASSWORD));
    servers.scram("operator", SecuredServers.PASSWORD).forEach(command::add);
    assertThat(WriterCommand.run(command.toArray(String[]::new))).isNotZero();
    assertThat(output)
        .contains("failed, not authorized: it makes a schema of its own, so it needs the role that owns the "
            + "tables")
        .doesNotContain("\tat ");
  }

  @Test
  @Order(8)
  void a_certificate_a_token_and_the_newer_group_protocol_do_what_passwords_and_the_classic_one_do() throws Exception {
    writer.close();
    ingest.close();
    List<String> kafka = new ArrayList<>(servers.mtls("event-writer"));
    kafka.add("--elephantasm.writer.group-protocol=auto");
    writer = Running.writer(kafka, servers.databaseByCertificate());
    ingest = Running.ingest(servers.oauth("ingest-api"));
    writer.awaitHealthy();
    ingest.awaitHealthy();
    String spirit = ingest.client().newSpirit();
    assertThat(store(ingest.client(), spirit, "by certificate and token").status()).isEqualTo(201);
    assertThat(events(spirit)).contains("by certificate and token");
    String group = "elephantasm-event-writer";
    assertThat(servers.admin().describeConsumerGroups(List.of(group)).all().get().values())
        .extracting(ConsumerGroupDescription::type).containsExactly(GroupType.CONSUMER);
  }

  @Test
  @Order(9)
  void a_wrong_password_is_told_and_the_service_keeps_trying(CapturedOutput output) {
    try (Running refused = Running.writer(servers.scram("event-writer", "wrong"), servers.database("wrong"))) {
      assertThat(refused.health()).contains("\"db\":{\"details\":{\"error\":\"authentication failed\"}",
          "\"kafka\":{\"details\":{\"error\":\"authentication failed\"}");
      assertThat(output).contains("authentication failed: Kafka does not let this service in",
          "authentication failed: PostgreSQL does not let this service in (FATAL: password authentication failed for user");
    }
  }

  @Test
  @Order(10)
  void a_server_whose_certificate_is_not_trusted_is_told(CapturedOutput output) throws Exception {
    Certificates others = new Certificates(Files.createDirectory(folder.resolve("others")));
    List<String> settings = servers.scram("ingest-api", SecuredServers.PASSWORD).stream()
        .map(setting -> setting.replaceFirst("(truststore.certificate=file:).*", "$1" + others.authority())).toList();
    try (Running refused = Running.ingest(settings)) {
      assertThat(output).contains("authentication failed: no TLS connection to Kafka (");
      assertThat(refused.health()).contains("authentication failed");
    }
  }

  private static Answer store(Client client, String spirit, String content, String... headers) {
    return client.post("/api/v1/events", event(spirit, content), headers);
  }

  private static String event(String spirit, String content) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"%s\"}".formatted(spirit, content);
  }

  private static String events(String spirit) {
    return writer.client().get("/api/v1/events?agent_id=" + spirit).response().body();
  }
}
