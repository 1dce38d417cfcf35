package com.elephantasm.events.schema;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** UUIDv7 (RFC 9562, section 5.7): milliseconds, then 74 random bits. */
public final class TimeOrderedId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private TimeOrderedId() {}

  public static UUID at(Instant now) {
    long high = now.toEpochMilli() << 16 | 0x7000L | (RANDOM.nextInt() & 0x0FFF);
    long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
