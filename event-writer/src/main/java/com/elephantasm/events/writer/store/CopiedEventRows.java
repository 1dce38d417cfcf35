package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of events, where nearly all that comes is new: it is copied, which takes PostgreSQL less than arrays do. A copy knows
 * no conflicts: where one of the events is there already, the statement that knows them does the whole batch, and for a while
 * those that are there are asked for before the others are copied.
 */
final class CopiedEventRows extends EventRows {
  private static final String COPY = """
      COPY events (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
        source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition,
        created_offset, changed_partition, changed_offset)
      FROM STDIN (FORMAT binary)
      """;
  /** As PostgreSQL orders them: as 16 bytes without a sign. */
  private static final Comparator<EventRow> BY_ID = Comparator
      .<EventRow>comparingLong(row -> id(row).getMostSignificantBits() + Long.MIN_VALUE)
      .thenComparingLong(row -> id(row).getLeastSignificantBits() + Long.MIN_VALUE);

  private static final int COLUMNS = 21;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
  /** Duplicates seldom come alone: clients repeat what they have sent for a while, or a log was copied into itself. */
  private static final int BATCHES_TO_ASK = 50;

  private final JdbcClient jdbc;
  private final JdbcTemplate copies;
  private final AtomicInteger batchesToAsk = new AtomicInteger();

  CopiedEventRows(JdbcClient jdbc, JdbcTemplate copies) {
    super(jdbc);
    this.jdbc = jdbc;
    this.copies = copies;
  }

  private static UUID id(EventRow row) {
    return row.event().id().value();
  }

  @Override
  Set<UUID> insert(Collection<EventRow> rows) {
    if (!rows.stream().allMatch(CopiedEventRows::isOfOurEra)) {
      return super.insert(rows);
    }
    boolean asks = batchesToAsk.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    Set<UUID> present = asks ? present(rows) : Set.of();
    List<EventRow> missing = rows.stream().filter(row -> !present.contains(id(row))).sorted(BY_ID).toList();
    return missing.isEmpty() ? Set.of() : copy(missing);
  }

  /** PostgreSQL does not read all times as text that it holds; a record can have any time. */
  private static boolean isOfOurEra(EventRow row) {
    return isOfOurEra(row.event().createdAt()) && isOfOurEra(row.event().occurredAt());
  }

  private static boolean isOfOurEra(Instant time) {
    return !time.isBefore(FIRST) && time.isBefore(LAST);
  }

  private Set<UUID> present(Collection<EventRow> rows) {
    return jdbc.sql("SELECT id FROM events WHERE id = ANY (:ids::uuid[])")
        .param("ids", column(rows, row -> row.event().id())).query((row, _) -> Sql.uuid(row, "id")).set();
  }

  private Set<UUID> copy(List<EventRow> missing) {
    try {
      copies.execute((Connection connection) -> {
        copy(missing, connection);
        return null;
      });
    } catch (DataIntegrityViolationException _) {
      batchesToAsk.set(BATCHES_TO_ASK);
      return super.insert(missing);
    }
    Set<UUID> copied = new HashSet<>();
    missing.forEach(row -> copied.add(id(row)));
    return copied;
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
