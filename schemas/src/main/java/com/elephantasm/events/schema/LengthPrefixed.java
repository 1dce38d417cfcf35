package com.elephantasm.events.schema;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to hash, made of fields that cannot run into each other: each one follows its length, and an absent one differs from
 * an empty one. Without it, ("ab", "c") and ("a", "bc") would have one hash.
 */
final class LengthPrefixed {
  private static final int ABSENT = -1;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  LengthPrefixed add(@Nullable String field) {
    byte[] utf8 = field == null ? new byte[0] : field.getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(field == null ? ABSENT : utf8.length).array());
    bytes.writeBytes(utf8);
    return this;
  }

  byte[] toByteArray() {
    return bytes.toByteArray();
  }
}
