package com.elephantasm.events.schema;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Names an event, for ever: a UUIDv8 (RFC 9562, section 5.8) made of nothing but the event's spirit and {@link Identity}. Who
 * publishes an event knows its id without asking the store, a retry has the same id, and a record that is read again can only
 * hit the same row.
 *
 * <p>The first 32 bits hash the spirit, so the ids of one spirit stand together in an index; the other 90 free bits hash the
 * spirit and the identity (SHA-256, truncated).
 */
public record EventId(UUID value) implements Comparable<EventId> {
  private static final long VERSION_8 = 0x8000L;
  private static final long VARIANT_RFC_9562 = 0x8000_0000_0000_0000L;

  /** The id that an event of this spirit with this identity has. */
  public static EventId of(SpiritId spirit, Identity identity) {
    byte[] spiritBytes = bytes(spirit);
    long ofSpirit = firstBits(spiritBytes) & 0xFFFF_FFFFL;
    ByteBuffer ofBoth = ByteBuffer.wrap(Sha256.of(spiritBytes, identity.bytes()));
    long high = ofBoth.getLong();
    long low = ofBoth.getLong();
    return new EventId(new UUID(ofSpirit << 32 | (high >>> 32 & 0xFFFF_0000L) | VERSION_8 | (high & 0x0FFF),
        (low >>> 2) | VARIANT_RFC_9562));
  }

  private static byte[] bytes(SpiritId spirit) {
    return ByteBuffer.allocate(16).putLong(spirit.value().getMostSignificantBits())
        .putLong(spirit.value().getLeastSignificantBits()).array();
  }

  private static int firstBits(byte[] spiritBytes) {
    return ByteBuffer.wrap(Sha256.of(spiritBytes)).getInt();
  }

  /** False for certain where the event is not one of this spirit; true also for one in 2^32 of the others. */
  public boolean mayBeOf(SpiritId spirit) {
    return (int) (value.getMostSignificantBits() >>> 32) == firstBits(bytes(spirit));
  }

  @Override
  public int compareTo(EventId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
