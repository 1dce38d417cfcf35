package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Endpoints;
import com.elephantasm.events.faults.load.LogPosition;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads the tables as they are, in one transaction, with nothing of the writer's code. */
final class StoreReader implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FETCH_SIZE = 1000;

  private final Connection connection;
  private final Map<Integer, Integer> partitions = new HashMap<>();

  private StoreReader(Connection connection) {
    this.connection = connection;
  }

  static StoreReader open(Endpoints endpoints, String topic) throws SQLException {
    Connection connection = DriverManager.getConnection(endpoints.jdbcUrl(), endpoints.username(),
        endpoints.password());
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    StoreReader reader = new StoreReader(connection);
    reader.readPartitions(topic);
    return reader;
  }

  private void readPartitions(String topic) throws SQLException {
    each("SELECT id, partition FROM log_partitions WHERE topic = '%s'".formatted(topic),
        row -> partitions.put(row.getInt("id"), row.getInt("partition")));
  }

  /** The position that the store says to have reached, by partition. */
  static Map<Integer, Long> reached(Endpoints endpoints, String topic) throws SQLException {
    try (StoreReader reader = open(endpoints, topic)) {
      Map<Integer, Long> reached = new HashMap<>();
      reader.each("SELECT partition, next_offset FROM log_partitions WHERE topic = '%s'".formatted(topic),
          row -> reached.merge(row.getInt("partition"), row.getLong("next_offset"), Math::max));
      return reached;
    }
  }

  void events(Consumer<EventRow> reader) throws SQLException {
    each("""
        SELECT id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata, source_uri,
          dedupe_key, importance_score, created_at, updated_at, is_deleted, created_partition, created_offset,
          changed_partition, changed_offset
        FROM events
        """, row -> reader.accept(event(row)));
  }

  private EventRow event(ResultSet row) throws SQLException {
    return new EventRow(uuid(row, "id"), uuid(row, "agent_id"), row.getString("event_type"), row.getString("content"),
        row.getString("meta_summary"), row.getString("role"), row.getString("author"), time(row, "occurred_at"),
        row.getString("session_id"), metadata(row), row.getString("source_uri"), row.getString("dedupe_key"),
        row.getObject("importance_score", Double.class), time(row, "created_at"), time(row, "updated_at"),
        row.getBoolean("is_deleted"), position(row, "created"), position(row, "changed"));
  }

  void spirits(Consumer<SpiritRow> reader) throws SQLException {
    each("""
        SELECT id, name, description, metadata, created_at, updated_at, is_deleted, created_partition, created_offset,
          changed_partition, changed_offset
        FROM spirits
        """, row -> reader.accept(new SpiritRow(uuid(row, "id"), row.getString("name"), row.getString("description"),
        metadata(row), time(row, "created_at"), time(row, "updated_at"), row.getBoolean("is_deleted"),
        position(row, "created"), position(row, "changed"))));
  }

  void deadLetters(Consumer<DeadLetter> reader) throws SQLException {
    each("""
        SELECT log_partition, first_offset, last_offset, reason, waiting, agent_id, record_value
        FROM dead_letters
        """, row -> {
      byte[] value = row.getBytes("record_value");
      reader.accept(new DeadLetter(partition(row.getInt("log_partition")), row.getLong("first_offset"),
          row.getLong("last_offset"), row.getString("reason"), row.getBoolean("waiting"), optionalUuid(row, "agent_id"),
          value == null ? new byte[0] : value));
    });
  }

  private static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  private static @Nullable UUID optionalUuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static String metadata(ResultSet row) throws SQLException {
    return JSON.readTree(row.getString("metadata")).toString();
  }

  private LogPosition position(ResultSet row, String prefix) throws SQLException {
    return new LogPosition(partition(row.getInt(prefix + "_partition")), row.getLong(prefix + "_offset"));
  }

  /** Kafka's number; a row of another topic has one that no record has. */
  private int partition(int id) {
    return partitions.getOrDefault(id, -1);
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void each(String sql, RowReader reader) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH_SIZE);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
