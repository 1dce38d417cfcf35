package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.writer.query.Page;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.query.VisibleSpirits;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the store what came of redrives. Each call is one read-only transaction of bounded duration. */
final class RedriveQueries {
  /** Of {@code redrives} and of the {@code log_partitions} that are called {@code redriven}. */
  static final String COLUMNS = """
        redrives.id AS redrive_id, redrives.dead_letter AS redrive_letter, redrives.run AS redrive_run,
        redrives.state AS redrive_state, redrives.reason AS redrive_reason, redrives.detail AS redrive_detail,
        redrives.edited AS redrive_edited, redrives.requested_at AS redrive_requested_at,
        redrives.requested_by AS redrive_requested_by, redrives.settled_at AS redrive_settled_at,
        redriven.topic AS redrive_topic, redriven.partition AS redrive_partition, redrives.log_offset AS redrive_offset
      """;

  /**
   * Which redrives are asked for: those that meet every condition given.
   *
   * @param before the newest that are older than this one
   */
  record Filter(Caller caller, @Nullable UUID run, @Nullable Long letter, @Nullable String state,
      @Nullable UUID before) {}

  private final JdbcClient jdbc;
  private final ReadTransactions transactions;

  RedriveQueries(JdbcClient jdbc, ReadTransactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  Optional<RedriveState> find(UUID id) {
    return transactions.read(() -> jdbc.sql("SELECT\n" + COLUMNS + """
        FROM redrives
        LEFT JOIN log_partitions AS redriven ON redriven.id = redrives.log_partition
        WHERE redrives.id = :id
        """).param("id", id).query((row, _) -> RedriveState.of(row)).optional());
  }

  /** At most {@code limit} redrives, the newest first, and whether there are more. */
  Page<RedriveState> page(Filter filter, int limit) {
    List<RedriveState> rows = transactions.read(() -> jdbc.sql(listing(filter))
        .paramSource(parameters(filter, limit + 1)).query((row, _) -> RedriveState.of(row)).list());
    boolean more = rows.size() > limit;
    return new Page<>(more ? rows.subList(0, limit) : rows,
        more ? new RedriveCursor(rows.get(limit - 1).id()).encoded() : null);
  }

  static String listing(Filter filter) {
    return "SELECT\n" + COLUMNS + """
        FROM redrives
        LEFT JOIN log_partitions AS redriven ON redriven.id = redrives.log_partition
        WHERE true
        """ + (filter.run() == null ? "" : "AND run = :run\n")
        + (filter.letter() == null ? "" : "AND dead_letter = :letter\n")
        + (filter.state() == null ? "" : "AND state = :state\n")
        + (filter.before() == null ? "" : "AND redrives.id < :before\n")
        + VisibleSpirits.condition(filter.caller(), "redrives.agent_id") + """
        ORDER BY redrives.id DESC
        LIMIT :limit
        """;
  }

  static MapSqlParameterSource parameters(Filter filter, int limit) {
    return new MapSqlParameterSource("run", filter.run()).addValue("letter", filter.letter())
        .addValue("state", filter.state()).addValue("before", filter.before())
        .addValue("visible", VisibleSpirits.of(filter.caller())).addValue("limit", limit);
  }
}
