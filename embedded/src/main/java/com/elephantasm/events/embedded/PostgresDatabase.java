package com.elephantasm.events.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** The application's role and database in a running server. */
final class PostgresDatabase {
  /** Of the database, of the role, and the role's password: whoever can connect to 127.0.0.1 may use the pipeline anyway. */
  static final String NAME = "elephantasm";

  static final String SUPERUSER = "postgres";

  private final int port;
  private final String superuserPassword;

  PostgresDatabase(int port, String superuserPassword) {
    this.port = port;
    this.superuserPassword = superuserPassword;
  }

  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s".formatted(Ports.HOST, port, NAME);
  }

  Connection connectAsSuperuser(String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[]{Ports.HOST});
    source.setPortNumbers(new int[]{port});
    source.setDatabaseName(database);
    source.setUser(SUPERUSER);
    source.setPassword(superuserPassword);
    return source.getConnection();
  }

  /** Another server could have taken the port while ours was starting. */
  void requireServedFrom(Path folder) throws SQLException, IOException {
    try (Connection connection = connectAsSuperuser(SUPERUSER);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW data_directory")) {
      rows.next();
      Path served = Path.of(rows.getString(1));
      if (!Files.isSameFile(served, folder)) {
        throw new SQLException("the server that answers has its data in " + served);
      }
    }
  }

  void createIfMissing() throws SQLException {
    try (Connection connection = connectAsSuperuser(SUPERUSER); Statement statement = connection.createStatement()) {
      if (isMissing(statement, "SELECT 1 FROM pg_roles WHERE rolname = 'elephantasm'")) {
        statement.execute("CREATE ROLE elephantasm LOGIN PASSWORD 'elephantasm'");
      }
      if (isMissing(statement, "SELECT 1 FROM pg_database WHERE datname = 'elephantasm'")) {
        statement.execute("CREATE DATABASE elephantasm OWNER elephantasm");
      }
    }
  }

  private static boolean isMissing(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return !rows.next();
    }
  }
}
