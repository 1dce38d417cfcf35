package com.elephantasm.events.writer.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the binary format of COPY (manual, "COPY", file formats), each type as PostgreSQL receives it. They are sent in chunks:
 * a batch as one array is an object so large that the garbage collector would be called for it again and again.
 */
final class CopyRows {
  private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
  private static final int CHUNK = 64 * 1024;
  private static final int NULL = -1;
  private static final int NO_MORE_ROWS = -1;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final CopyIn copy;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);

  CopyRows(CopyIn copy) {
    this.copy = copy;
    chunk.put(SIGNATURE).putInt(0).putInt(0);
  }

  /** Begins a row of so many columns, which follow in their order. */
  void row(int columns) throws SQLException {
    room(Short.BYTES).putShort((short) columns);
  }

  void uuid(UUID value) throws SQLException {
    value(2 * Long.BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
  }

  void text(@Nullable String value) throws SQLException {
    if (value == null) {
      nothing();
      return;
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES).putInt(bytes.length);
    if (bytes.length > chunk.remaining()) {
      send();
    }
    if (bytes.length > chunk.remaining()) {
      copy.writeToCopy(bytes, 0, bytes.length);
    } else {
      chunk.put(bytes);
    }
  }

  void number(@Nullable Double value) throws SQLException {
    if (value == null) {
      nothing();
    } else {
      value(Double.BYTES).putDouble(value);
    }
  }

  void time(Instant value) throws SQLException {
    bigint(ChronoUnit.MICROS.between(EPOCH, value));
  }

  void bool(boolean value) throws SQLException {
    value(Byte.BYTES).put((byte) (value ? 1 : 0));
  }

  void integer(int value) throws SQLException {
    value(Integer.BYTES).putInt(value);
  }

  void bigint(long value) throws SQLException {
    value(Long.BYTES).putLong(value);
  }

  /** Sends what is left, and says that no row follows. */
  void end() throws SQLException {
    room(Short.BYTES).putShort((short) NO_MORE_ROWS);
    send();
  }

  private void nothing() throws SQLException {
    room(Integer.BYTES).putInt(NULL);
  }

  private ByteBuffer value(int bytes) throws SQLException {
    return room(Integer.BYTES + bytes).putInt(bytes);
  }

  private ByteBuffer room(int bytes) throws SQLException {
    if (chunk.remaining() < bytes) {
      send();
    }
    return chunk;
  }

  private void send() throws SQLException {
    copy.writeToCopy(chunk.array(), 0, chunk.position());
    chunk.clear();
  }
}
