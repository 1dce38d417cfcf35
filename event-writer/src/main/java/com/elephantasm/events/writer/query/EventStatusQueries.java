package com.elephantasm.events.writer.query;

import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.query.EventStatus.Rejection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the store what became of an event. */
final class EventStatusQueries {
  /** The most that are told. */
  private static final int REJECTIONS = 10;
  private static final String UNKNOWN_EVENT = RejectionReason.UNKNOWN_EVENT.wireName();

  private final JdbcClient jdbc;
  private final ReadTransactions transactions;

  EventStatusQueries(JdbcClient jdbc, ReadTransactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * @param spirits the only ones whose events and records count; empty for all
   */
  EventStatus find(EventId id, Optional<Set<SpiritId>> spirits) {
    return transactions.read(() -> jdbc.sql(statement(spirits.isPresent()))
        .paramSource(parameters(id, spirits.orElse(Set.of()))).query(rows -> {
          return status(id, rows);
        }));
  }

  /**
   * One statement, so that an event that is just being applied is seen in one of the two tables. A spirit may have been given
   * the id of an event: records about such a spirit are not meant.
   */
  static String statement(boolean ofSpirits) {
    String agent = ofSpirits ? "AND agent_id = ANY (:spirits::uuid[])\n" : "";
    return """
        SELECT NULL AS letter, created.topic, created.partition, created_offset AS position,
          changed.topic AS changed_topic, changed.partition AS changed_partition, changed_offset, is_deleted,
          NULL AS reason, NULL AS detail, NULL AS occurrences, NULL AS waiting, NULL AS redriven
        FROM events
        JOIN log_partitions AS created ON created.id = created_partition
        JOIN log_partitions AS changed ON changed.id = changed_partition
        WHERE events.id = :id
        """ + agent + """
        UNION ALL (
        SELECT dead_letters.id, topic, partition, first_offset, NULL, NULL, NULL, NULL, reason, detail, occurrences, waiting,
          state = 'redriven'
        FROM dead_letters
        JOIN log_partitions ON log_partitions.id = log_partition
        WHERE subject_id = :id AND agent_id <> subject_id
        """ + agent + """
        ORDER BY dead_letters.id DESC
        LIMIT :limit)
        ORDER BY letter DESC NULLS FIRST
        """;
  }

  static MapSqlParameterSource parameters(EventId id, Set<SpiritId> spirits) {
    return new MapSqlParameterSource("id", id.value()).addValue("limit", REJECTIONS).addValue("spirits",
        spirits.stream().map(SpiritId::toString).toArray(String[]::new));
  }

  private static EventStatus status(EventId id, ResultSet row) throws SQLException {
    List<Rejection> rejections = new ArrayList<>();
    Set<Rejection> redriven = new HashSet<>();
    Function<List<Rejection>, EventStatus> status = others -> notStored(id, others);
    while (row.next()) {
      RecordPosition position = new RecordPosition(row.getString("topic"), row.getInt("partition"),
          row.getLong("position"));
      if (row.getObject("letter") == null) {
        RecordPosition changed = new RecordPosition(row.getString("changed_topic"), row.getInt("changed_partition"),
            row.getLong("changed_offset"));
        boolean deleted = row.getBoolean("is_deleted");
        status = others -> new EventStatus.Stored(id.value(), position, changed, deleted,
            others.stream().filter(rejection -> !redriven.contains(rejection)).toList());
      } else {
        Rejection rejection = new Rejection(row.getString("reason"), row.getString("detail"), position,
            row.getLong("occurrences"), row.getBoolean("waiting"));
        rejections.add(rejection);
        if (row.getBoolean("redriven")) {
          // With effect: what it says is in the row by now.
          redriven.add(rejection);
        }
      }
    }
    return status.apply(List.copyOf(rejections));
  }

  /** What waits for its spirit decides, the first of them, as it will be applied first; else the last word. */
  private static EventStatus notStored(EventId id, List<Rejection> rejections) {
    // A change of an event that is not there does not say that there ever was one.
    List<Rejection> ofEvent = rejections.stream().filter(rejection -> !rejection.reason().equals(UNKNOWN_EVENT))
        .toList();
    Optional<Rejection> waiting = ofEvent.reversed().stream().filter(Rejection::waiting).findFirst();
    return waiting.or(() -> ofEvent.stream().findFirst()).<EventStatus>map(
        decisive -> new EventStatus.DeadLettered(id.value(), decisive,
            rejections.stream().filter(rejection -> rejection != decisive).toList()))
        .orElseGet(() -> new EventStatus.Unknown(id.value(), rejections));
  }
}
