package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it was read: nothing about its content can be relied on.
 *
 * @param timestamp the record's own, to the millisecond; what {@code created_at} and {@code updated_at} are made of
 */
public record ReceivedRecord(RecordPosition position, Instant timestamp, byte @Nullable [] key,
    List<RecordHeader> headers, byte @Nullable [] value) {

  /** The last header of that name (as Kafka's {@code Headers.lastHeader}), as text; null where there is none. */
  public @Nullable String header(String name) {
    for (RecordHeader header : headers.reversed()) {
      if (header.name().equals(name)) {
        byte[] value = header.value();
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  /** Who wants to know the outcome; null where nobody asked. */
  public @Nullable ReplyTo replyTo() {
    String instance = header(HeaderNames.REPLY_TO);
    String requestId = header(HeaderNames.REQUEST_ID);
    return instance == null ? null : new ReplyTo(instance, requestId == null ? "" : requestId);
  }

  /** The redrive that it was published by; null where it was not. */
  public @Nullable Redrive redrive() {
    Redrive moved = moved();
    return moved == null || moved.isCopy() ? null : moved;
  }

  private @Nullable Redrive moved() {
    return Redrive.parse(header(HeaderNames.REDRIVE));
  }

  /** Where it stood first; only a redrive, or who copies a log, puts a record elsewhere. */
  RecordPosition origin() {
    Redrive moved = moved();
    return moved == null ? position : moved.origin();
  }

  public ReceivedRecord withValue(byte @Nullable [] other) {
    return new ReceivedRecord(position, timestamp, key, headers, other);
  }
}
