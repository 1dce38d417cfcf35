package com.elephantasm.events.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class EmbeddedServersTest extends ServerTest {
  @Test
  void records_acknowledged_by_a_killed_process_are_there_at_the_next_start() throws Exception {
    Path data = folder.resolve("kafka");
    int port = Ports.claim(0, "Kafka");
    KafkaClients clients = new KafkaClients("127.0.0.1:" + port);
    try (ServerInAnotherProcess process = new ServerInAnotherProcess("kafka", data, port)) {
      assertThat(process.awaitListening()).contains("127.0.0.1:" + port);
      clients.createTopic("events");
      clients.publish("events", "record");
      process.kill();
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(data, port))) {
      assertThat(kafka.bootstrapServers()).isEqualTo(clients.bootstrapServers());
      assertThat(clients.consume("events", "group", "consumer")).containsExactly("record");
    }
  }

  @Test
  void a_server_that_outlived_its_killed_process_is_taken_over_with_its_rows() throws Exception {
    Path data = folder.resolve("postgres");
    int port = Ports.claim(0, "PostgreSQL");
    try (ServerInAnotherProcess process = new ServerInAnotherProcess("postgres", data, port)) {
      assertThat(process.awaitListening()).contains("127.0.0.1:" + port);
      try (Connection connection = connect(port); Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE memory AS SELECT 'kept' AS content");
      }
      process.kill();
    }
    connect(port).close(); // still serves
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(data, port));
        Connection connection = connect(postgres.port());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT content FROM memory")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("kept");
    }
  }

  private static Connection connect(int port) throws Exception {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/elephantasm", "elephantasm",
        "elephantasm");
  }

  @Test
  void a_terminated_broker_stops_cleanly() throws Exception {
    Path data = folder.resolve("kafka");
    try (ServerInAnotherProcess process = new ServerInAnotherProcess("kafka", data, 0)) {
      process.awaitListening();
      assertThat(process.terminate()).isEqualTo(143);
    }
    assertThat(data.resolve(".kafka_cleanshutdown")).exists();
  }

  @Test
  void a_terminated_database_stops_cleanly() throws Exception {
    Path data = folder.resolve("postgres");
    try (ServerInAnotherProcess process = new ServerInAnotherProcess("postgres", data, 0)) {
      process.awaitListening();
      assertThat(process.terminate()).isEqualTo(143);
    }
    assertThat(data.resolve("postmaster.pid")).doesNotExist();
    assertThat(folder.resolve("postgres.log")).content().contains("database system is shut down");
  }

  @Test
  void a_server_that_cannot_start_is_one_line_and_exit_code_1() throws Exception {
    Path data = folder.resolve("kafka");
    try (EmbeddedKafka kafka = EmbeddedKafka.start(new EmbeddedKafka.Settings(data, 0));
        ServerInAnotherProcess process = new ServerInAnotherProcess("kafka", data, 0)) {
      assertThat(kafka.bootstrapServers()).isNotEmpty();
      assertThat(process.remainingOutput()).singleElement().asString()
          .contains(data.toString(), "in use by process " + ProcessHandle.current().pid());
      assertThat(process.awaitExit()).isEqualTo(1);
    }
  }
}
