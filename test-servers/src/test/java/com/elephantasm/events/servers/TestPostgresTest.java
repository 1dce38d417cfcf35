package com.elephantasm.events.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TestPostgresTest {
  static boolean containersAreAskedFor() {
    return "containers".equals(System.getProperty("tests.servers"));
  }

  @Test
  void it_is_a_container_where_containers_are_asked_for_and_no_other_place() throws Exception {
    try (TestPostgres postgres = TestPostgres.start();
        Connection superuser = DriverManager.getConnection(postgres.jdbcUrl(), TestPostgres.SUPERUSER,
            postgres.superuserPassword())) {
      assertThat(Files.exists(Path.of(query(superuser, "SHOW data_directory")))).isEqualTo(!containersAreAskedFor());
      assertThat(query(superuser, "SHOW server_version_num")).startsWith("18");
      assertThat(
          query(superuser, "SELECT concat(datlocprovider, datlocale) FROM pg_database WHERE datname = 'elephantasm'"))
          .isEqualTo("bC.UTF-8");
      assertThat(query(superuser, "SELECT reset_val FROM pg_settings WHERE name = 'log_timezone'")).isEqualTo("UTC");
      for (String durable : new String[]{"fsync", "synchronous_commit", "full_page_writes"}) {
        assertThat(query(superuser, "SHOW " + durable)).as(durable).isEqualTo("on");
      }
      assertThat(query(superuser, "SHOW max_connections")).isEqualTo("100");
      assertThat(query(superuser, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'elephantasm'"))
          .isEqualTo("elephantasm");
      assertThat(query(superuser,
          "SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = 'elephantasm'"))
          .isEqualTo("f");
    }
  }

  @Test
  void it_goes_silent_goes_away_and_comes_again_with_its_address_and_data() throws Exception {
    TestPostgres postgres = TestPostgres.start();
    String url = postgres.jdbcUrl();
    execute(postgres, "CREATE TABLE kept AS SELECT 7 AS number");

    postgres.pause();
    assertThatThrownBy(() -> DriverManager.getConnection(url + "?socketTimeout=1", "elephantasm", "elephantasm"))
        .hasCauseInstanceOf(SocketTimeoutException.class);
    postgres.unpause();
    assertThat(kept(postgres)).isEqualTo("7");

    postgres.stop();
    assertThatThrownBy(() -> kept(postgres)).isInstanceOf(SQLException.class);
    postgres.restart();
    assertThat(postgres.jdbcUrl()).isEqualTo(url);
    assertThat(kept(postgres)).isEqualTo("7");

    postgres.close();
    postgres.close();
    assertThatThrownBy(() -> kept(postgres)).isInstanceOf(SQLException.class);
  }

  @Test
  void it_goes_silent_whichever_connections_come_and_go_meanwhile() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    // Closed in this order, whatever fails: the server, which ends the wait of a connection, then the client.
    try (ExecutorService client = Executors.newSingleThreadExecutor(); TestPostgres postgres = TestPostgres.start()) {
      Future<?> connecting = client.submit(() -> {
        while (!ended.get()) {
          connect(postgres).close();
        }
        return null;
      });
      try {
        for (int i = 0; i < 30; i++) {
          postgres.pause();
          postgres.unpause();
        }
      } finally {
        ended.set(true);
      }
      connecting.get();
      // One that is closed while it is silent is gone all the same.
      postgres.pause();
    }
  }

  private static Connection connect(TestPostgres postgres) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
  }

  private static void execute(TestPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String kept(TestPostgres postgres) throws SQLException {
    try (Connection connection = connect(postgres)) {
      return query(connection, "SELECT number FROM kept");
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
