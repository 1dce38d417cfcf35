package com.elephantasm.events.benchmarks.load;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.SpiritId;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/** Events as rows in the binary format of COPY (manual, "COPY", file formats), sent by one COPY that ends with {@link #close()}. */
final class EventRows implements AutoCloseable {
  private static final String COPY = """
      COPY events (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
        source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition,
        created_offset, changed_partition, changed_offset)
      FROM STDIN (FORMAT binary)
      """;
  private static final int COLUMNS = 21;
  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int CHUNK = 64 * 1024;

  private final int firstPartition;
  private final DataOutputStream out;

  EventRows(Connection connection, int firstPartition) throws SQLException, IOException {
    this.firstPartition = firstPartition;
    this.out = new DataOutputStream(new BufferedOutputStream(
        new PGCopyOutputStream(connection.unwrap(PGConnection.class), COPY, CHUNK), CHUNK));
    out.write(SIGNATURE);
    out.writeLong(0);
  }

  static int partition(SpiritId spirit) {
    return Math.floorMod(spirit.hashCode(), Topic.PARTITIONS);
  }

  /** As the row that a record at that offset makes which came when the event happened. */
  void write(Change.EventCreated change, long offset) throws IOException {
    Event event = change.stored(change.occurredAt());
    out.writeShort(COLUMNS);
    uuid(event.id().value());
    uuid(event.agentId().value());
    text(event.eventType());
    text(event.content());
    text(event.metaSummary());
    text(event.role());
    text(event.author());
    time(event.occurredAt());
    text(event.sessionId());
    text(event.metadata().json());
    text(event.sourceUri());
    text(event.dedupeKey() == null ? null : event.dedupeKey().value());
    number(event.importanceScore());
    time(event.createdAt());
    time(event.updatedAt());
    out.writeInt(1);
    out.writeBoolean(event.isDeleted());
    uuid(change.event().payloadDigest());
    for (int position = 0; position < 2; position++) {
      out.writeInt(Integer.BYTES);
      out.writeInt(firstPartition + partition(event.agentId()));
      out.writeInt(Long.BYTES);
      out.writeLong(offset);
    }
  }

  private void uuid(UUID value) throws IOException {
    out.writeInt(2 * Long.BYTES);
    out.writeLong(value.getMostSignificantBits());
    out.writeLong(value.getLeastSignificantBits());
  }

  private void text(@Nullable String value) throws IOException {
    if (value == null) {
      out.writeInt(-1);
    } else {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private void number(@Nullable Double value) throws IOException {
    if (value == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(Double.BYTES);
      out.writeDouble(value);
    }
  }

  private void time(Instant value) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(ChronoUnit.MICROS.between(EPOCH, value));
  }

  @Override
  public void close() throws IOException {
    out.writeShort(-1);
    out.close();
  }
}
