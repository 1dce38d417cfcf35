package com.elephantasm.events.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest extends ServerTest {
  @TempDir
  private static Path sharedFolder = Path.of("");

  /** For tests that only look at a server. */
  private static EmbeddedPostgres running;

  @BeforeAll
  static void startShared() {
    running = EmbeddedPostgres.start(new EmbeddedPostgres.Settings(sharedFolder.resolve("postgres"), 0));
  }

  @AfterAll
  static void stopShared() {
    running.close();
  }

  @Test
  void rows_survive_restarts_on_the_same_port() throws Exception {
    int port;
    try (EmbeddedPostgres postgres = start(0); Connection application = connect(postgres)) {
      port = postgres.port();
      execute(application, "CREATE TABLE start (number int)");
    }
    for (int start = 1; start <= 4; start++) {
      try (EmbeddedPostgres postgres = start(port); Connection application = connect(postgres)) {
        assertThat(postgres.port()).isEqualTo(port);
        execute(application, "INSERT INTO start VALUES (1)");
        assertThat(query(application, "SELECT count(*) FROM start")).isEqualTo(Integer.toString(start));
      }
    }
  }

  @Test
  void commits_are_on_the_disk_whatever_the_configuration_file_says() throws Exception {
    start(0).close();
    Files.writeString(data().resolve("postgresql.auto.conf"),
        "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
    try (EmbeddedPostgres postgres = start(0); Connection application = connect(postgres)) {
      for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
        assertThat(query(application, "SHOW " + setting)).as(setting).isEqualTo("on");
      }
    }
  }

  @Test
  void the_server_does_not_depend_on_the_machine() throws Exception {
    try (Connection superuser = running.connectAsSuperuser()) {
      assertThat(query(superuser, "SHOW server_version_num")).startsWith("18");
      assertThat(query(superuser, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(query(superuser, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(
          query(superuser, "SELECT concat(datlocprovider, datlocale) FROM pg_database WHERE datname = 'elephantasm'"))
          .isEqualTo("bC.UTF-8");
      assertThat(query(superuser, "SELECT reset_val FROM pg_settings WHERE name = 'log_timezone'")).isEqualTo("UTC");
      assertThat(Files.readString(sharedFolder.resolve("postgres/postgresql.conf"))).contains("timezone = UTC",
          "shared_buffers = 256MB");
    }
  }

  @Test
  void the_application_owns_its_database_and_is_no_superuser() throws Exception {
    try (Connection application = connect(running)) {
      assertThat(query(application,
          "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"))
          .isEqualTo("f");
      execute(application, "CREATE SCHEMA mine");
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> DriverManager.getConnection(running.jdbcUrl(), "postgres", "postgres").close());
    }
  }

  @Test
  void a_taken_port_is_refused_by_its_number() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(taken.getLocalPort()))
          .withMessageContaining("port " + taken.getLocalPort())
          .withMessageContaining("choose another port");
    }
  }

  @Test
  void the_port_of_another_server_is_refused_not_shared() {
    assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(running.port()))
        .withMessageContaining("port " + running.port());
  }

  @Test
  void a_folder_in_use_is_refused_with_the_process_that_uses_it() {
    Path inUse = sharedFolder.resolve("postgres");
    assertThatExceptionOfType(EmbeddedServerException.class)
        .isThrownBy(() -> EmbeddedPostgres.start(new EmbeddedPostgres.Settings(inUse, 0)))
        .withMessageContaining(inUse.toString())
        .withMessageContaining("process " + ProcessHandle.current().pid());
  }

  @Test
  void a_folder_of_something_else_is_refused_and_left_as_it_is() throws Exception {
    Path file = Files.createDirectories(data()).resolve("letter.txt");
    Files.writeString(file, "Dear Postgres");
    assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(0))
        .withMessageContaining("choose another folder");
    assertThat(file).hasContent("Dear Postgres");
  }

  @Test
  void a_server_that_cannot_start_says_what_its_log_says() throws Exception {
    start(0).close();
    Files.writeString(data().resolve("postgresql.auto.conf"), "no_such_setting = on\n");
    assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> start(0))
        .withMessageContaining("no_such_setting")
        .withMessageContaining("postgres.log");
  }

  @Test
  void a_process_id_file_of_a_server_long_gone_does_not_matter() throws Exception {
    start(0).close();
    long somebodyElse = ProcessHandle.current().pid();
    Files.writeString(data().resolve("postmaster.pid"), "%d%n%s%n".formatted(somebodyElse, data()));
    start(0).close();
  }

  private EmbeddedPostgres start(int port) {
    return EmbeddedPostgres.start(new EmbeddedPostgres.Settings(data(), port));
  }

  private Path data() {
    return folder.resolve("postgres");
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
