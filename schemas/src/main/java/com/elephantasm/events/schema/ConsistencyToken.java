package com.elephantasm.events.schema;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a write hands its client so that a later read can wait for it: the last position of the write in each partition of the
 * log that it touched. Opaque to clients: base64url (RFC 4648, section 5) of a version, four bytes that check it and tell the
 * log, and the positions as variable-length integers. It grows by about nine characters per partition.
 *
 * @param offsets the last offset that has to be applied, by partition
 */
public record ConsistencyToken(String topic, SortedMap<Integer, Long> offsets) {
  /** The header that carries it, in answers to writes and in requests that read. */
  public static final String HEADER = "Consistency-Token";

  private static final byte VERSION = 1;
  private static final int CHECK_LENGTH = 4;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  public ConsistencyToken {
    if (offsets.isEmpty()) {
      throw new IllegalArgumentException("a consistency token must name at least one partition");
    }
    offsets.forEach((partition, offset) -> {
      if (partition < 0 || offset < 0) {
        throw new IllegalArgumentException("there is no position %d@%d".formatted(partition, offset));
      }
    });
    offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
  }

  public static ConsistencyToken of(RecordPosition position) {
    return new ConsistencyToken(position.topic(), new TreeMap<>(Map.of(position.partition(), position.offset())));
  }

  /**
   * Covers all of these, which are in one topic.
   *
   * @return null where there are none
   */
  public static @Nullable ConsistencyToken of(Collection<RecordPosition> positions) {
    if (positions.isEmpty()) {
      return null;
    }
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    positions.forEach(position -> offsets.merge(position.partition(), position.offset(), Math::max));
    return new ConsistencyToken(positions.iterator().next().topic(), offsets);
  }

  public String encoded() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int before = 0;
    for (Map.Entry<Integer, Long> position : offsets.entrySet()) {
      VariableLength.write(body, position.getKey() - before);
      VariableLength.write(body, position.getValue());
      before = position.getKey();
    }
    ByteBuffer token = ByteBuffer.allocate(1 + CHECK_LENGTH + body.size());
    token.put(VERSION).put(check(topic, body.toByteArray())).put(body.toByteArray());
    return ENCODER.encodeToString(token.array());
  }

  /** The token that a client gave back; null where it is none, or one of another log. */
  public static @Nullable ConsistencyToken decode(String text, String topic) {
    try {
      ByteBuffer token = ByteBuffer.wrap(DECODER.decode(text));
      if (token.get() != VERSION) {
        return null;
      }
      byte[] check = new byte[CHECK_LENGTH];
      token.get(check);
      byte[] body = new byte[token.remaining()];
      token.get(body);
      return Arrays.equals(check, check(topic, body)) ? new ConsistencyToken(topic, offsets(body)) : null;
    } catch (IllegalArgumentException | BufferUnderflowException _) {
      return null;
    }
  }

  private static SortedMap<Integer, Long> offsets(byte[] body) {
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    ByteBuffer bytes = ByteBuffer.wrap(body);
    long partition = 0;
    while (bytes.hasRemaining()) {
      partition += VariableLength.read(bytes);
      if (partition > Integer.MAX_VALUE || offsets.put((int) partition, VariableLength.read(bytes)) != null) {
        throw new IllegalArgumentException("partitions must ascend");
      }
    }
    return offsets;
  }

  private static byte[] check(String topic, byte[] body) {
    return Arrays.copyOf(Sha256.of(new LengthPrefixed().add(topic).add(body).toByteArray()), CHECK_LENGTH);
  }
}
