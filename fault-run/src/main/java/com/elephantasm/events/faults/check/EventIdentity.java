package com.elephantasm.events.faults.check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What names an event, worked out anew from the contract: a key, else a key made of the source, else the CloudEvent, else the
 * place in the log.
 *
 * @param dedupeKey as the store keeps it
 */
record EventIdentity(UUID id, @Nullable String dedupeKey) {
  static EventIdentity of(LogRecord record, UUID agent, Instant occurredAt, String topic) {
    String key = record.text("dedupe_key");
    if (key == null && record.text("source_uri") != null) {
      key = generatedKey(record, agent, occurredAt);
    }
    String source = record.header("ce_source");
    String id = record.header("ce_id");
    byte[] identity = key != null
        ? fields("key", key)
        : source != null && id != null
            ? fields("cloudevent", source, id)
            : fields("position", topic, Integer.toString(record.position().partition()),
                Long.toString(record.position().offset()));
    return new EventIdentity(id(agent, identity), key);
  }

  private static String generatedKey(LogRecord record, UUID agent, Instant occurredAt) {
    String hashed = "%s|%s|%s|%s|%s".formatted(agent, record.text("event_type"), record.text("content"), occurredAt,
        record.text("source_uri"));
    return HexFormat.of().formatHex(sha256(hashed.getBytes(StandardCharsets.UTF_8)), 0, 16);
  }

  private static byte[] fields(String... fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String field : fields) {
      byte[] text = field.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
      bytes.writeBytes(text);
    }
    return bytes.toByteArray();
  }

  private static UUID id(UUID agent, byte[] identity) {
    byte[] agentBytes = ByteBuffer.allocate(16).putLong(agent.getMostSignificantBits())
        .putLong(agent.getLeastSignificantBits()).array();
    long ofAgent = ByteBuffer.wrap(sha256(agentBytes)).getInt();
    ByteBuffer ofBoth = ByteBuffer
        .wrap(sha256(ByteBuffer.allocate(16 + identity.length).put(agentBytes).put(identity).array()));
    long high = ofBoth.getLong();
    long low = ofBoth.getLong();
    // The agent in 32 bits, 16 of the hash, the version, 12 of the hash; the variant, 62 of the hash.
    return new UUID(ofAgent << 32 | high >>> 48 << 16 | 0x8000L | high & 0xFFFL, low >>> 2 | 1L << 63);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
