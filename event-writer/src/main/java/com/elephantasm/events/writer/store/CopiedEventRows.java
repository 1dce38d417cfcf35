package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.Event;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.ByteStreamWriter;
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

  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
  private static final short COLUMNS = 21;
  private static final int NULL = -1;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
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
    ByteArrayOutputStream bytes = binary(missing);
    try {
      copies.execute((Connection connection) -> copy(bytes, connection));
    } catch (DataIntegrityViolationException _) {
      batchesToAsk.set(BATCHES_TO_ASK);
      return super.insert(missing);
    }
    Set<UUID> copied = new HashSet<>();
    missing.forEach(row -> copied.add(id(row)));
    return copied;
  }

  private static long copy(ByteArrayOutputStream bytes, Connection connection) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      long rows = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY,
          ByteStreamWriter.of(ByteBuffer.wrap(bytes.toByteArray())));
      connection.releaseSavepoint(before);
      return rows;
    } catch (SQLException e) {
      connection.rollback(before);
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** COPY's binary format (manual, "COPY", file formats), with each type as PostgreSQL receives it. */
  private static ByteArrayOutputStream binary(List<EventRow> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.size() * 1024);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(SIGNATURE);
      out.writeInt(0);
      out.writeInt(0);
      for (EventRow row : rows) {
        write(row, out);
      }
      out.writeShort(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }

  private static void write(EventRow row, DataOutputStream out) throws IOException {
    Event event = row.event();
    out.writeShort(COLUMNS);
    uuid(event.id().value(), out);
    uuid(event.agentId().value(), out);
    text(event.eventType(), out);
    text(event.content(), out);
    text(event.metaSummary(), out);
    text(event.role(), out);
    text(event.author(), out);
    time(event.occurredAt(), out);
    text(event.sessionId(), out);
    text(event.metadata().json(), out);
    text(event.sourceUri(), out);
    text(event.dedupeKey() == null ? null : event.dedupeKey().value(), out);
    number(event.importanceScore(), out);
    time(event.createdAt(), out);
    time(event.createdAt(), out);
    out.writeInt(1);
    out.writeByte(0);
    uuid(row.payloadDigest(), out);
    position(row.created(), out);
    position(row.created(), out);
  }

  private static void uuid(UUID value, DataOutputStream out) throws IOException {
    out.writeInt(2 * Long.BYTES);
    out.writeLong(value.getMostSignificantBits());
    out.writeLong(value.getLeastSignificantBits());
  }

  private static void text(@Nullable String value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeInt(NULL);
    } else {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private static void number(@Nullable Double value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeInt(NULL);
    } else {
      out.writeInt(Double.BYTES);
      out.writeDouble(value);
    }
  }

  private static void time(Instant value, DataOutputStream out) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(ChronoUnit.MICROS.between(EPOCH, value));
  }

  private static void position(Position value, DataOutputStream out) throws IOException {
    out.writeInt(Integer.BYTES);
    out.writeInt(value.partition());
    out.writeInt(Long.BYTES);
    out.writeLong(value.offset());
  }
}
