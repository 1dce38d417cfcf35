package com.elephantasm.events.benchmarks.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A database of the server, with the role that the services have. */
public record Database(String name, String url, String username, String password) {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, username, password);
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Waits until the writer has applied so many records of a topic.
   *
   * @throws IllegalStateException where it takes over five minutes
   */
  public void awaitApplied(String topic, long records) throws SQLException, InterruptedException {
    String applied = "SELECT coalesce(sum(next_offset), 0) FROM log_partitions WHERE topic = '%s'".formatted(topic);
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (number(applied) < records) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the writer has not applied %,d records of %s in %s".formatted(records, topic, LONGEST_WAIT));
      }
      // Nobody tells when a row changes; each look takes from what is measured.
      Thread.sleep(BETWEEN_LOOKS);
    }
  }

  /** Of the server's processes that serve those who are connected to it, each since it was connected to. */
  public Duration processorTime() throws SQLException {
    Duration sum = Duration.ZERO;
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")) {
      while (rows.next()) {
        sum = sum.plus(ProcessHandle.of(rows.getLong(1)).flatMap(process -> process.info().totalCpuDuration())
            .orElse(Duration.ZERO));
      }
    }
    return sum;
  }

  /** @return the one text that the query gives */
  public String text(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  /** @return the one number that the query gives */
  public long number(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
