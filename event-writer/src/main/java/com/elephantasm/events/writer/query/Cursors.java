package com.elephantasm.events.writer.query;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the cursors have in common: bytes as base64url (RFC 4648, section 5), times as microseconds. */
public final class Cursors {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  /** PostgreSQL's {@code timestamptz} begins with 4714-11-24 BC, and ends later than 64 bits of microseconds do. */
  private static final Instant EARLIEST = Instant.parse("-4713-11-24T00:00:00Z");

  private Cursors() {}

  public static String encode(ByteBuffer bytes) {
    return ENCODER.encodeToString(bytes.array());
  }

  /** The bytes of a cursor of that many; null where the text is none. */
  public static @Nullable ByteBuffer decode(String text, int length) {
    try {
      byte[] bytes = DECODER.decode(text);
      return bytes.length == length ? ByteBuffer.wrap(bytes) : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  public static void put(ByteBuffer bytes, Instant time) {
    bytes.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, time));
  }

  public static void put(ByteBuffer bytes, UUID id) {
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  public static Instant getTime(ByteBuffer bytes) {
    return Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS);
  }

  public static UUID getId(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  /** Whether the store can be asked about it: a forged cursor can hold any time. */
  public static boolean isStorable(Instant time) {
    return !time.isBefore(EARLIEST);
  }
}
