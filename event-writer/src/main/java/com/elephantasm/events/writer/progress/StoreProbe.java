package com.elephantasm.events.writer.progress;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Asks the database whether it works, on a connection of its own: those of the pool may all be at work, and one that hangs does
 * so for as long as a statement may take. Every call returns or fails within a few seconds, whatever the server does.
 */
public final class StoreProbe implements AutoCloseable {
  private static final String TIMEOUT_SECONDS = "2";

  private final String url;
  private final Properties properties;
  private final String topic;
  private @Nullable Connection opened;

  /** @param properties of the driver, user and password among them */
  StoreProbe(String url, Properties properties, String topic) {
    this.url = url;
    this.properties = new Properties();
    this.properties.putAll(properties);
    for (String timeout : new String[]{"connectTimeout", "loginTimeout", "socketTimeout"}) {
      this.properties.setProperty(timeout, TIMEOUT_SECONDS);
    }
    this.topic = topic;
  }

  private interface Question<T> {
    T ask(Statement statement) throws SQLException;
  }

  /**
   * Whether it takes writes: a standby, or a server that was made read-only, does not.
   *
   * @throws DataAccessResourceFailureException where it does not answer
   */
  public boolean isWritable() {
    return ask(statement -> {
      try (ResultSet row = statement.executeQuery("SELECT current_setting('transaction_read_only') = 'off'")) {
        return row.next() && row.getBoolean(1);
      }
    });
  }

  /**
   * The next offset of each partition of the log that the store knows.
   *
   * @throws DataAccessResourceFailureException where it does not answer
   */
  public Map<Integer, Long> positions() {
    return ask(statement -> {
      Map<Integer, Long> positions = new HashMap<>();
      try (ResultSet rows = statement.executeQuery("""
          SELECT DISTINCT ON (partition) partition, next_offset
          FROM log_partitions
          WHERE topic = %s
          ORDER BY partition, id DESC
          """.formatted(statement.enquoteLiteral(topic)))) {
        while (rows.next()) {
          positions.put(rows.getInt("partition"), rows.getLong("next_offset"));
        }
      }
      return positions;
    });
  }

  private synchronized <T> T ask(Question<T> question) {
    boolean answered = false;
    try {
      if (opened == null) {
        opened = DriverManager.getConnection(url, properties);
      }
      try (Statement statement = opened.createStatement()) {
        T answer = question.ask(statement);
        answered = true;
        return answer;
      }
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException("the database does not answer", e);
    } finally {
      if (!answered) {
        close();
      }
    }
  }

  @Override
  public synchronized void close() {
    try (Connection _ = opened) {
      opened = null;
    } catch (SQLException _) {
      // It is gone, which is what is wanted.
    }
  }
}
