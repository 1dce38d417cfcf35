package com.elephantasm.events.benchmarks.load;

import com.elephantasm.events.benchmarks.measure.Progress;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.schema.SpiritId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A store that has events already: those of the numbers below 0, as if an earlier topic had brought them. They are copied without
 * indexes, which are built afterwards.
 */
public final class StoredEvents {
  private static final int ROWS_AT_ONCE = 100_000;
  private static final int CONNECTIONS = 2;

  private final Database store;
  private final Events events;

  private StoredEvents(Database store, Events events) {
    this.store = store;
    this.events = events;
  }

  /** Fills a new store with so many events and all of their spirits, and analyses it. */
  public static void fill(Database store, Events events, long count, Progress progress) throws Exception {
    new StoredEvents(store, events).fill(count, progress);
  }

  private void fill(long count, Progress progress) throws Exception {
    int firstPartition = registerPartitions();
    insertSpirits(firstPartition);
    List<String> indexes = dropIndexes();
    progress.say("copying %,d events into the store", count);
    copy(count, firstPartition);
    progress.say("building its indexes");
    for (String index : indexes) {
      store.execute("SET maintenance_work_mem = '1GB'; " + index);
    }
    store.execute("VACUUM (ANALYZE)");
  }

  /** @return the first of their numbers in the store; the others follow */
  private int registerPartitions() throws SQLException {
    store.execute("""
        INSERT INTO log_partitions (topic_id, topic, partition, next_offset)
        SELECT topic_id, 'elephantasm.events.before', partition, 0
        FROM (SELECT gen_random_uuid() AS topic_id) AS topic, generate_series(0, %d) AS partition ORDER BY partition
        """.formatted(Topic.PARTITIONS - 1));
    return (int) store.number("SELECT min(id) FROM log_partitions");
  }

  private void insertSpirits(int firstPartition) throws SQLException {
    try (Connection connection = store.connect(); PreparedStatement insert = connection.prepareStatement("""
        INSERT INTO spirits (id, name, metadata, created_at, updated_at, is_deleted, created_partition, created_offset,
          changed_partition, changed_offset)
        SELECT ?, ?, '{}', '2020-01-01Z', '2020-01-01Z', false, partition, 0, partition, 0
        FROM (SELECT ?::integer AS partition) AS place
        """)) {
      int rank = 0;
      for (SpiritId spirit : events.spirits()) {
        insert.setObject(1, spirit.value());
        insert.setString(2, "spirit " + rank++);
        insert.setInt(3, firstPartition + EventRows.partition(spirit));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** @return the statements that make them again */
  private List<String> dropIndexes() throws SQLException {
    List<String> again = new ArrayList<>(List.of("ALTER TABLE events ADD PRIMARY KEY (id)"));
    List<String> drops = new ArrayList<>(List.of("ALTER TABLE events DROP CONSTRAINT events_pkey"));
    try (Connection connection = store.connect(); Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery("""
          SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'events' AND indexname <> 'events_pkey'
          """)) {
        while (rows.next()) {
          drops.add("DROP INDEX " + rows.getString("indexname"));
          again.add(rows.getString("indexdef"));
        }
      }
      for (String drop : drops) {
        statement.execute(drop);
      }
    }
    return again;
  }

  private void copy(long count, int firstPartition) throws Exception {
    List<Callable<Void>> pieces = new ArrayList<>();
    for (long from = -count; from < 0; from += ROWS_AT_ONCE) {
      long first = from;
      long end = Math.min(0, from + ROWS_AT_ONCE);
      pieces.add(() -> copy(first, end, count, firstPartition));
    }
    try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
      for (Future<Void> piece : connections.invokeAll(pieces)) {
        piece.get();
      }
    }
  }

  private @Nullable Void copy(long first, long end, long count, int firstPartition)
      throws SQLException, IOException {
    try (Connection connection = store.connect(); EventRows rows = new EventRows(connection, firstPartition)) {
      for (long number = first; number < end; number++) {
        rows.write(events.change(number), number + count);
      }
    }
    return null;
  }
}
