package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two rejected records are the same rejection: 128 bits of SHA-256 over the record's type, key and value and,
 * for a change that may yet be applied by itself, over what makes it a change of its own.
 */
final class RecordDigest {
  private RecordDigest() {}

  static UUID of(LogEntry entry) {
    MessageDigest digest = sha256();
    add(digest, text(entry.record().header(HeaderNames.TYPE)));
    add(digest, entry.record().key());
    add(digest, entry.record().value());
    add(digest, entry.outcomeAsked() ? null : text(ownIdentity(entry)));
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new UUID(hash.getLong(), hash.getLong());
  }

  /**
   * Two equal records without a key are two events. Amendments are never the same one: between two equal ones there may be
   * another.
   */
  private static @Nullable String ownIdentity(LogEntry entry) {
    return switch (entry.content()) {
      case DecodedChange.Unreadable _ -> null;
      case DecodedChange.Readable(Change.EventCreated created) -> created.id().toString();
      case DecodedChange.Readable(Change.EventAmended _),DecodedChange.Readable(Change.SpiritCreated _),DecodedChange.Readable(Change.SpiritAmended _) ->
        entry.position().toString();
    };
  }

  private static byte @Nullable [] text(@Nullable String value) {
    return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
  }

  private static void add(MessageDigest digest, byte @Nullable [] part) {
    digest.update(ByteBuffer.allocate(4).putInt(part == null ? -1 : part.length).array());
    if (part != null) {
      digest.update(part);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256 (see java.security.MessageDigest)", e);
    }
  }
}
