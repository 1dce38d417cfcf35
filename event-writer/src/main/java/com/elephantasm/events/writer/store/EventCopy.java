package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * New rows of the table of events by {@code COPY}, which takes PostgreSQL less than arrays do, and knows no conflicts. Joins the
 * caller's transaction.
 */
final class EventCopy {
  private static final String COPY = """
      COPY events (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
        source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition,
        created_offset, changed_partition, changed_offset)
      FROM STDIN (FORMAT binary)
      """;
  /** As PostgreSQL orders them: as 16 bytes without a sign. */
  private static final Comparator<EventRow> BY_ID = Comparator
      .<EventRow>comparingLong(row -> row.event().id().value().getMostSignificantBits() + Long.MIN_VALUE)
      .thenComparingLong(row -> row.event().id().value().getLeastSignificantBits() + Long.MIN_VALUE);

  private static final int COLUMNS = 21;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final JdbcTemplate jdbc;

  EventCopy(DataSource dataSource) {
    this.jdbc = new JdbcTemplate(dataSource);
  }

  /** Whether PostgreSQL would also read as text what it then holds; a record can have any time. */
  static boolean takes(EventRow row) {
    return isOfOurEra(row.event().createdAt()) && isOfOurEra(row.event().occurredAt());
  }

  private static boolean isOfOurEra(Instant time) {
    return !time.isBefore(FIRST) && time.isBefore(LAST);
  }

  /**
   * Copies them all, in the order of their ids, as {@link EventRows#insert} does.
   *
   * @throws DataIntegrityViolationException where one of them is there already: then none is copied, and the transaction goes on
   */
  void copy(Collection<EventRow> rows) {
    List<EventRow> ordered = rows.stream().sorted(BY_ID).toList();
    jdbc.execute((Connection connection) -> {
      copy(ordered, connection);
      return null;
    });
  }

  private static void copy(List<EventRow> rows, Connection connection) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      copyAll(rows, connection);
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      connection.rollback(before);
      throw e;
    }
  }

  private static void copyAll(List<EventRow> rows, Connection connection) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      CopyRows binary = new CopyRows(copy);
      for (EventRow row : rows) {
        write(row, binary);
      }
      binary.end();
      copy.endCopy();
    } finally {
      // Whatever has ended it: a connection on which a copy is going on takes no statement, not even a rollback.
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private static void write(EventRow row, CopyRows out) throws SQLException {
    Event event = row.event();
    out.row(COLUMNS);
    out.uuid(event.id().value());
    out.uuid(event.agentId().value());
    out.text(event.eventType());
    out.text(event.content());
    out.text(event.metaSummary());
    out.text(event.role());
    out.text(event.author());
    out.time(event.occurredAt());
    out.text(event.sessionId());
    out.text(event.metadata().json());
    out.text(event.sourceUri());
    out.text(event.dedupeKey() == null ? null : event.dedupeKey().value());
    out.number(event.importanceScore());
    out.time(event.createdAt());
    out.time(event.createdAt());
    out.bool(false);
    out.uuid(row.payloadDigest());
    position(row.created(), out);
    position(row.created(), out);
  }

  private static void position(Position value, CopyRows out) throws SQLException {
    out.integer(value.partition());
    out.bigint(value.offset());
  }
}
