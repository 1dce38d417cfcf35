package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.ByteStreamWriter;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of events, where nearly all that comes is new: it is copied, which PostgreSQL reads faster than arrays. A copy knows
 * no conflicts, so those that are there already are asked for before; where another transaction puts one there between the two,
 * the statement that knows them does the whole batch.
 */
final class CopiedEventRows extends EventRows {
  private static final String COPY = """
      COPY events (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
        source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition,
        created_offset, changed_partition, changed_offset)
      FROM STDIN (FORMAT text, ENCODING 'UTF8')
      """;
  /** As PostgreSQL orders them: as 16 bytes without a sign. */
  private static final Comparator<EventRow> BY_ID = Comparator
      .<EventRow>comparingLong(row -> id(row).getMostSignificantBits() + Long.MIN_VALUE)
      .thenComparingLong(row -> id(row).getLeastSignificantBits() + Long.MIN_VALUE);

  private final JdbcClient jdbc;
  private final JdbcTemplate copies;

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
    Set<UUID> present = present(rows);
    List<EventRow> missing = rows.stream().filter(row -> !present.contains(id(row))).sorted(BY_ID).toList();
    return missing.isEmpty() ? Set.of() : copy(missing);
  }

  private Set<UUID> present(Collection<EventRow> rows) {
    return jdbc.sql("SELECT id FROM events WHERE id = ANY (:ids::uuid[])")
        .param("ids", column(rows, row -> row.event().id())).query((row, _) -> Sql.uuid(row, "id")).set();
  }

  private Set<UUID> copy(List<EventRow> missing) {
    byte[] text = text(missing);
    try {
      copies.execute((Connection connection) -> copy(text, connection));
    } catch (DataIntegrityViolationException _) {
      return super.insert(missing);
    }
    Set<UUID> copied = new HashSet<>();
    missing.forEach(row -> copied.add(id(row)));
    return copied;
  }

  private static long copy(byte[] text, Connection connection) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      long rows = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY,
          ByteStreamWriter.of(ByteBuffer.wrap(text)));
      connection.releaseSavepoint(before);
      return rows;
    } catch (SQLException e) {
      connection.rollback(before);
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] text(List<EventRow> rows) {
    StringBuilder text = new StringBuilder(rows.size() * 512);
    for (EventRow row : rows) {
      Event event = row.event();
      field(text, event.id());
      field(text, event.agentId());
      field(text, event.eventType());
      field(text, event.content());
      field(text, event.metaSummary());
      field(text, event.role());
      field(text, event.author());
      field(text, event.occurredAt());
      field(text, event.sessionId());
      field(text, event.metadata().json());
      field(text, event.sourceUri());
      field(text, event.dedupeKey() == null ? null : event.dedupeKey().value());
      field(text, event.importanceScore());
      field(text, event.createdAt());
      field(text, event.createdAt());
      field(text, "f");
      field(text, row.payloadDigest());
      field(text, row.created().partition());
      field(text, row.created().offset());
      field(text, row.created().partition());
      field(text, row.created().offset());
      text.setCharAt(text.length() - 1, '\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** COPY's text format (manual, "COPY", file formats). */
  private static void field(StringBuilder text, @Nullable Object value) {
    if (value == null) {
      text.append("\\N");
    } else {
      String string = value.toString();
      for (int i = 0; i < string.length(); i++) {
        char character = string.charAt(i);
        switch (character) {
          case '\\' -> text.append("\\\\");
          case '\n' -> text.append("\\n");
          case '\r' -> text.append("\\r");
          case '\t' -> text.append("\\t");
          default -> text.append(character);
        }
      }
    }
    text.append('\t');
  }
}
