package com.elephantasm.events.writer.tail;

import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.store.StoredRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads events in the order of the log. Batches of a partition are applied one after the other, each with the position that it
 * reaches in one transaction. So whoever has read that position sees every event behind it, in this statement and in all later
 * ones; what is ever stored behind it afterwards is a late event, and found by its number.
 */
final class NewEvents {
  /** Rows that are in memory at once; an event may be as large as a request. */
  private static final int FETCH_SIZE = 32;

  private final JdbcClient jdbc;
  private final ReadTransactions transactions;

  NewEvents(JdbcClient jdbc, ReadTransactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  interface Visitor {
    /** Returns whether to go on. */
    boolean visit(Event event, Place place);
  }

  /** @throws com.elephantasm.events.http.ProblemException 503 where the store does not answer, or not in time */
  <T extends @Nullable Object> T read(Supplier<T> work) {
    return transactions.read(work);
  }

  /** To be called within {@link #read}. */
  Frontier frontier() {
    Map<TopicPartition, Integer> ids = new HashMap<>();
    SortedMap<TopicPartition, Long> next = new TreeMap<>();
    long[] late = {0};
    jdbc.sql("""
        SELECT id, topic_id, partition, next_offset, (SELECT coalesce(max(position), 0) FROM late_events) AS late
        FROM log_partitions
        """).query(row -> {
      TopicPartition partition = new TopicPartition(row.getObject("topic_id", UUID.class), row.getInt("partition"));
      ids.put(partition, row.getInt("id"));
      next.put(partition, row.getLong("next_offset"));
      late[0] = row.getLong("late");
    });
    return new Frontier(new TailCursor(late[0], next), ids);
  }

  /**
   * Visits the events of some spirits in a stretch, spirit by spirit, those of each in order. To be called within {@link #read}.
   *
   * @return how many were visited
   */
  int forEach(Collection<SpiritId> agents, Stretch stretch, int limit, Visitor visitor) {
    return jdbc.sql(statement(stretch)).paramSource(parameters(agents, stretch, limit)).withFetchSize(FETCH_SIZE)
        .query((ResultSet rows) -> visit(rows, stretch, visitor));
  }

  private static int visit(ResultSet rows, Stretch stretch, Visitor visitor) throws SQLException {
    int visited = 0;
    boolean goesOn = true;
    while (goesOn && rows.next()) {
      visited++;
      goesOn = visitor.visit(StoredRows.event(rows), stretch.place(rows.getLong("place")));
    }
    return visited;
  }

  /** A late event is shown as such and never for its record: a tail may have been behind that already, or may be before it. */
  static String statement(Stretch stretch) {
    return switch (stretch) {
      case Stretch.OfLog _ -> """
          SELECT id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
            source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, created_offset AS place
          FROM events
          WHERE agent_id = ANY (:agents::uuid[]) AND created_partition = :partition AND created_offset >= :from
            AND created_offset < :to AND NOT EXISTS (SELECT FROM late_events WHERE event_id = events.id)
          ORDER BY agent_id, created_partition, created_offset
          LIMIT :limit
          """;
      case Stretch.OfLate _ -> """
          SELECT id, events.agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
            source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, position AS place
          FROM late_events JOIN events ON events.id = event_id
          WHERE late_events.agent_id = ANY (:agents::uuid[]) AND position > :after AND position <= :to
          ORDER BY late_events.agent_id, position
          LIMIT :limit
          """;
    };
  }

  static MapSqlParameterSource parameters(Collection<SpiritId> agents, Stretch stretch, int limit) {
    MapSqlParameterSource parameters = new MapSqlParameterSource("limit", limit)
        .addValue("agents", agents.stream().map(SpiritId::toString).toArray(String[]::new));
    return switch (stretch) {
      case Stretch.OfLog(int id, TopicPartition _, long from, long to) ->
        parameters.addValue("partition", id).addValue("from", from).addValue("to", to);
      case Stretch.OfLate(long after, long to) -> parameters.addValue("after", after).addValue("to", to);
    };
  }
}
