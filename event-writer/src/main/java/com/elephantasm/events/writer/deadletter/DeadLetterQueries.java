package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.writer.query.Page;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.query.VisibleSpirits;
import com.elephantasm.events.writer.store.StoredRows;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads dead letters from the store. Each call is one read-only transaction of bounded duration. */
final class DeadLetterQueries {
  /** One letter with its record. */
  record Found(DeadLetter letter, ReceivedRecord record) {}

  /** What is next to be decided about, and how large its record is. */
  record Next(long id, int logPartition, long firstOffset, long bytes) {
    static final Next FIRST = new Next(-1, -1, -1, 0);
  }

  private static final String NEWEST_FIRST = "ORDER BY record_timestamp DESC, dead_letters.id DESC LIMIT :limit\n";

  private final JdbcClient jdbc;
  private final ReadTransactions transactions;

  DeadLetterQueries(JdbcClient jdbc, ReadTransactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  private <T> T read(Supplier<T> work) {
    return transactions.read(() -> {
      // What the indexes do not have in order is little here: a page of each state, or the letters of one event.
      jdbc.sql("SELECT set_config('enable_sort', 'on', true)").query().singleRow();
      return work.get();
    });
  }

  /** At most {@code limit} letters, those of the newest records first, and whether there are more. */
  Page<DeadLetter> page(LetterFilter filter, @Nullable LetterCursor after, int limit) {
    List<DeadLetter> rows = read(
        () -> jdbc.sql(listing(filter, after)).paramSource(parameters(filter, after, limit + 1))
            .query((row, _) -> DeadLetter.of(row)).list());
    boolean more = rows.size() > limit;
    return new Page<>(more ? rows.subList(0, limit) : rows, more ? rows.get(limit - 1).cursor().encoded() : null);
  }

  static String listing(LetterFilter filter, @Nullable LetterCursor after) {
    String found = filter.states().stream().map(state -> "(" + listing(filter, state, after) + ")")
        .collect(Collectors.joining(" UNION ALL "));
    return "WITH dead_letters AS MATERIALIZED (" + found + ")\n" + columns() + NEWEST_FIRST;
  }

  /** Of a caller for some spirits a page of each: the index has the letters of one spirit in order, not those of several. */
  private static String listing(LetterFilter filter, String state, @Nullable LetterCursor after) {
    String conditions = filter.conditions(state)
        + (after == null ? "" : "AND (record_timestamp, dead_letters.id) < (:afterTimestamp, :afterId)\n");
    return filter.agentId() != null || filter.caller().spirits().isEmpty()
        ? "SELECT * FROM dead_letters WHERE " + conditions + NEWEST_FIRST
        : "SELECT dead_letters.* FROM unnest(:visible::uuid[]) AS spirit (id) CROSS JOIN LATERAL "
            + "(SELECT * FROM dead_letters WHERE agent_id = spirit.id AND " + conditions + NEWEST_FIRST
            + ") AS dead_letters " + NEWEST_FIRST;
  }

  static MapSqlParameterSource parameters(LetterFilter filter, @Nullable LetterCursor after, int limit) {
    MapSqlParameterSource parameters = filter.parameters().addValue("limit", limit);
    return after == null
        ? parameters
        : parameters.addValue("afterTimestamp", after.timestamp().atOffset(ZoneOffset.UTC)).addValue("afterId",
            after.id());
  }

  /** Lengths of large values are known without reading these. */
  private static String columns() {
    return """
        SELECT dead_letters.id, dead_letters.state, dead_letters.reason, dead_letters.detail, dead_letters.agent_id,
          subject_id, waiting, occurrences, own.topic, own.partition, first_offset, last_offset, record_timestamp,
          coalesce(octet_length(record_key), 0) AS key_bytes, coalesce(octet_length(record_value), 0) AS value_bytes,
          json_array_length(record_headers) AS headers, decided_at, decided_by, note,
        """ + RedriveQueries.COLUMNS + """
        FROM dead_letters
        JOIN log_partitions AS own ON own.id = dead_letters.log_partition
        LEFT JOIN redrives ON redrives.id = last_redrive
        LEFT JOIN log_partitions AS redriven ON redriven.id = redrives.log_partition
        """;
  }

  Counts counts(LetterFilter filter) {
    return Counts.of(read(() -> jdbc.sql(counting(filter)).paramSource(filter.parameters())
        .query((row, _) -> new Counts.Row(row.getString(1), row.getString(2), row.getLong(3))).list()));
  }

  static String counting(LetterFilter filter) {
    return filter.states().stream()
        .map(state -> "SELECT state, reason, count(*) FROM dead_letters WHERE " + filter.conditions(state)
            + "GROUP BY state, reason\n")
        .collect(Collectors.joining("UNION ALL "));
  }

  /** The letter, if it is there for the caller. */
  Optional<DeadLetter> find(long id, Caller caller) {
    return read(() -> jdbc.sql(columns() + "WHERE dead_letters.id = :id\n"
        + VisibleSpirits.condition(caller, "dead_letters.agent_id")).param("id", id)
        .param("visible", VisibleSpirits.of(caller)).query((row, _) -> DeadLetter.of(row)).optional());
  }

  /** The letter with its record, if it is there for the caller. */
  Optional<Found> findWithRecord(long id, Caller caller) {
    return find(id, caller).flatMap(letter -> read(() -> jdbc.sql("""
        SELECT dead_letters.*, topic, partition
        FROM dead_letters
        JOIN log_partitions ON log_partitions.id = log_partition
        WHERE dead_letters.id = :id
        """).param("id", id).query((row, _) -> new Found(letter, StoredRows.rejected(row))).optional()));
  }

  /** The highest id that there is, 0 without any. */
  long highestId() {
    return read(() -> jdbc.sql("SELECT coalesce(max(id), 0) FROM dead_letters").query(Long.class).single());
  }

  /**
   * Letters of the first state that the filter names, in the order of the log.
   *
   * @param beside a condition of constants, or nothing
   * @param highestId none that came after
   */
  List<Next> next(LetterFilter filter, String beside, long highestId, Next after, int limit) {
    return read(() -> jdbc.sql(inLogOrder(filter, beside))
        .paramSource(parametersInLogOrder(filter, highestId, after, limit))
        .query((row, _) -> new Next(row.getLong("id"), row.getInt("log_partition"), row.getLong("first_offset"),
            row.getLong("bytes")))
        .list());
  }

  static String inLogOrder(LetterFilter filter, String beside) {
    return """
        SELECT id, log_partition, first_offset,
          coalesce(octet_length(record_key), 0) + coalesce(octet_length(record_value), 0) AS bytes
        FROM dead_letters
        WHERE\s""" + filter.conditions(filter.states().getFirst()) + beside + """
        AND (log_partition, first_offset, id) > (:afterPartition, :afterOffset, :afterId) AND id <= :highestId
        ORDER BY log_partition, first_offset, id
        LIMIT :limit
        """;
  }

  static MapSqlParameterSource parametersInLogOrder(LetterFilter filter, long highestId, Next after, int limit) {
    return filter.parameters().addValue("afterPartition", after.logPartition())
        .addValue("afterOffset", after.firstOffset()).addValue("afterId", after.id()).addValue("highestId", highestId)
        .addValue("limit", limit);
  }

  /** How many of the first state that the filter names, by reason. */
  Counts count(LetterFilter filter, String beside, long highestId) {
    return Counts.of(read(() -> jdbc.sql("SELECT state, reason, count(*) FROM dead_letters WHERE "
        + filter.conditions(filter.states().getFirst()) + beside + "AND id <= :highestId GROUP BY state, reason")
        .paramSource(filter.parameters().addValue("highestId", highestId))
        .query((row, _) -> new Counts.Row(row.getString(1), row.getString(2), row.getLong(3))).list()));
  }
}
