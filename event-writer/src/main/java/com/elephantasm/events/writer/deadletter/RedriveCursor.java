package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.writer.query.Cursors;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A place in the list of redrives: that of one redrive, whose ids are in the order of time. */
record RedriveCursor(UUID id) {
  /** Tells it from the cursors of other lists. */
  private static final char CODE = 'r';
  private static final int LENGTH = Character.BYTES + 16;

  String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putChar(CODE);
    Cursors.put(bytes, id);
    return Cursors.encode(bytes);
  }

  /** The cursor that a client gave back; null where it is none. */
  static @Nullable RedriveCursor decode(String text) {
    ByteBuffer bytes = Cursors.decode(text, LENGTH);
    return bytes == null || bytes.getChar() != CODE ? null : new RedriveCursor(Cursors.getId(bytes));
  }
}
