package com.elephantasm.events.schema;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to hash, made of fields that cannot run into each other: each one follows its length, and an absent one differs from
 * an empty one. Without it, ("ab", "c") and ("a", "bc") would have one hash.
 */
public final class LengthPrefixed {
  private static final int ABSENT = -1;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  /** Adds text as UTF-8. */
  public LengthPrefixed add(@Nullable String field) {
    return add(field == null ? null : field.getBytes(StandardCharsets.UTF_8));
  }

  public LengthPrefixed add(byte @Nullable [] field) {
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(field == null ? ABSENT : field.length).array());
    if (field != null) {
      bytes.writeBytes(field);
    }
    return this;
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }

  /** The first 128 bits of SHA-256 over the fields. */
  public UUID digest() {
    ByteBuffer digest = ByteBuffer.wrap(Sha256.of(toByteArray()));
    return new UUID(digest.getLong(), digest.getLong());
  }
}
