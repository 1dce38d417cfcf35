package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.writer.query.Cursors;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A place in the list of dead letters: that of one letter, by the columns that the list is ordered by. */
record LetterCursor(Instant timestamp, long id) {
  /** Tells it from the cursors of other lists. */
  private static final char CODE = 'd';
  private static final int LENGTH = Character.BYTES + 2 * Long.BYTES;

  String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putChar(CODE);
    Cursors.put(bytes, timestamp);
    return Cursors.encode(bytes.putLong(id));
  }

  /** The cursor that a client gave back; null where it is none. */
  static @Nullable LetterCursor decode(String text) {
    ByteBuffer bytes = Cursors.decode(text, LENGTH);
    if (bytes == null || bytes.getChar() != CODE) {
      return null;
    }
    LetterCursor cursor = new LetterCursor(Cursors.getTime(bytes), bytes.getLong());
    return Cursors.isStorable(cursor.timestamp) ? cursor : null;
  }
}
