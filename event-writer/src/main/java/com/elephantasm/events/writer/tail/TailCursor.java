package com.elephantasm.events.writer.tail;

import com.elephantasm.events.schema.LengthPrefixed;
import com.elephantasm.events.schema.VariableLength;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a tail has come: it has shown every event of its spirit that stands before these positions. Made of nothing but the
 * log's own positions, so it is good at every instance and after every restart, for any spirit and any filter. A partition that
 * it does not know is younger than it, and shown from its beginning.
 *
 * @param late the number of the last late event
 * @param next the offset to go on with, by partition
 */
record TailCursor(long late, SortedMap<TopicPartition, Long> next) {
  static final TailCursor START = new TailCursor(0, new TreeMap<>());
  private static final byte VERSION = 1;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  TailCursor {
    next = Collections.unmodifiableSortedMap(next);
  }

  long next(TopicPartition partition) {
    return next.getOrDefault(partition, 0L);
  }

  TailCursor withNext(TopicPartition partition, long offset) {
    SortedMap<TopicPartition, Long> changed = new TreeMap<>(next);
    changed.put(partition, offset);
    return new TailCursor(late, changed);
  }

  TailCursor withLate(long number) {
    return new TailCursor(number, next);
  }

  /** The cursor of a tail that has come as far as each of the two. */
  TailCursor max(TailCursor other) {
    if (isAtLeast(other)) {
      return this;
    }
    SortedMap<TopicPartition, Long> furthest = new TreeMap<>(next);
    other.next.forEach((partition, offset) -> furthest.merge(partition, offset, Math::max));
    return new TailCursor(Math.max(late, other.late), furthest);
  }

  private boolean isAtLeast(TailCursor other) {
    return late >= other.late
        && other.next.entrySet().stream().allMatch(entry -> next(entry.getKey()) >= entry.getValue());
  }

  /** As base64url (RFC 4648, section 5): a version, four bytes that check the rest, and the rest with each topic's id once. */
  String encoded() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    VariableLength.write(body, late);
    SortedMap<TopicPartition, Long> rest = next;
    while (!rest.isEmpty()) {
      UUID topic = rest.firstKey().topicId();
      SortedMap<TopicPartition, Long> ofTopic = rest.headMap(new TopicPartition(topic, Integer.MAX_VALUE));
      encode(topic, ofTopic, body);
      rest = rest.tailMap(new TopicPartition(topic, Integer.MAX_VALUE));
    }
    ByteBuffer cursor = ByteBuffer.allocate(1 + Integer.BYTES + body.size());
    cursor.put(VERSION).putInt(check(body.toByteArray())).put(body.toByteArray());
    return ENCODER.encodeToString(cursor.array());
  }

  private static void encode(UUID topic, Map<TopicPartition, Long> positions, ByteArrayOutputStream body) {
    body.writeBytes(ByteBuffer.allocate(16).putLong(topic.getMostSignificantBits())
        .putLong(topic.getLeastSignificantBits()).array());
    VariableLength.write(body, positions.size());
    int before = 0;
    for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
      VariableLength.write(body, position.getKey().partition() - before);
      VariableLength.write(body, position.getValue());
      before = position.getKey().partition();
    }
  }

  /** The cursor that a client gave back; null where it is none. */
  static @Nullable TailCursor decode(String text) {
    try {
      ByteBuffer cursor = ByteBuffer.wrap(DECODER.decode(text));
      if (cursor.get() != VERSION) {
        return null;
      }
      int check = cursor.getInt();
      byte[] body = new byte[cursor.remaining()];
      cursor.get(body);
      return check == check(body) ? decode(ByteBuffer.wrap(body)) : null;
    } catch (IllegalArgumentException | BufferUnderflowException _) {
      return null;
    }
  }

  private static TailCursor decode(ByteBuffer body) {
    long late = VariableLength.read(body);
    SortedMap<TopicPartition, Long> next = new TreeMap<>();
    while (body.hasRemaining()) {
      UUID topic = new UUID(body.getLong(), body.getLong());
      long partition = 0;
      for (long count = VariableLength.read(body); count > 0; count--) {
        partition += VariableLength.read(body);
        if (partition < 0 || partition >= Integer.MAX_VALUE) {
          throw new IllegalArgumentException("no partition has the number " + partition);
        }
        next.put(new TopicPartition(topic, (int) partition), VariableLength.read(body));
      }
    }
    return new TailCursor(late, next);
  }

  /** Tells a cursor from a text that merely looks like one, such as a cursor that was cut off; it is no protection from forgers. */
  private static int check(byte[] body) {
    return (int) (new LengthPrefixed().add("tail").add(body).digest().getMostSignificantBits() >>> 32);
  }
}
