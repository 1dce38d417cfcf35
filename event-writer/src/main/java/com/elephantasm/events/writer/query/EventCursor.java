package com.elephantasm.events.writer.query;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A place in a list of events: that of one event, by the columns that the list is ordered by. */
record EventCursor(EventOrder order, Instant occurredAt, Instant createdAt, long createdOffset, UUID id) {
  private static final int LENGTH = Character.BYTES + 3 * Long.BYTES + 16;

  String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putChar(order.code());
    Cursors.put(bytes, occurredAt);
    Cursors.put(bytes, createdAt);
    bytes.putLong(createdOffset);
    Cursors.put(bytes, id);
    return Cursors.encode(bytes);
  }

  /** The cursor that a client gave back; null where it is none of this order. */
  static @Nullable EventCursor decode(String text, EventOrder order) {
    ByteBuffer bytes = Cursors.decode(text, LENGTH);
    if (bytes == null || bytes.getChar() != order.code()) {
      return null;
    }
    EventCursor cursor = new EventCursor(order, Cursors.getTime(bytes), Cursors.getTime(bytes), bytes.getLong(),
        Cursors.getId(bytes));
    return Cursors.isStorable(cursor.occurredAt) && Cursors.isStorable(cursor.createdAt) ? cursor : null;
  }
}
