package com.elephantasm.events.writer.query;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A place in the list of spirits: that of one spirit, by the columns that the list is ordered by. */
record SpiritCursor(Instant createdAt, UUID id) {
  /** Tells it from the cursors of events. */
  private static final char CODE = 's';
  private static final int LENGTH = Character.BYTES + Long.BYTES + 16;

  String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putChar(CODE);
    Cursors.put(bytes, createdAt);
    Cursors.put(bytes, id);
    return Cursors.encode(bytes);
  }

  /** The cursor that a client gave back; null where it is none. */
  static @Nullable SpiritCursor decode(String text) {
    ByteBuffer bytes = Cursors.decode(text, LENGTH);
    if (bytes == null || bytes.getChar() != CODE) {
      return null;
    }
    SpiritCursor cursor = new SpiritCursor(Cursors.getTime(bytes), Cursors.getId(bytes));
    return Cursors.isStorable(cursor.createdAt) ? cursor : null;
  }
}
