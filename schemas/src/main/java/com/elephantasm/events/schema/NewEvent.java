package com.elephantasm.events.schema;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as its sender gave it. What was not sent is null; {@code metadata} is then {@code {}}.
 *
 * @param occurredAt to the microsecond, which is what PostgreSQL keeps
 * @param importanceScore 0 to 1, an IEEE 754 double
 */
public record NewEvent(SpiritId agentId, String eventType, String content, @Nullable String metaSummary,
    @Nullable String role, @Nullable String author, @Nullable Instant occurredAt, @Nullable String sessionId,
    Metadata metadata, @Nullable String sourceUri, @Nullable DedupeKey dedupeKey, @Nullable Double importanceScore) {

  static final int MAX_TYPE_LENGTH = 100;
  static final int MAX_ROLE_LENGTH = 50;
  static final int MAX_AUTHOR_LENGTH = 255;
  static final int MAX_SESSION_LENGTH = 255;

  /** @throws IllegalArgumentException where a value breaks the contract; read untrusted input with {@link #fromJson} */
  public NewEvent {
    Text.check("event_type", eventType, MAX_TYPE_LENGTH, false);
    Text.check("content", content, Text.UNBOUNDED, true);
    Text.check("meta_summary", metaSummary, Text.UNBOUNDED, true);
    Text.check("role", role, MAX_ROLE_LENGTH, true);
    Text.check("author", author, MAX_AUTHOR_LENGTH, true);
    Text.check("session_id", sessionId, MAX_SESSION_LENGTH, true);
    Text.check("source_uri", sourceUri, Text.UNBOUNDED, true);
    if (importanceScore != null && !(importanceScore >= 0 && importanceScore <= 1)) {
      throw new IllegalArgumentException("importance_score must be from 0 to 1, was " + importanceScore);
    }
  }

  /** Reads a new event from JSON in UTF-8 and reports everything that is wrong with it, never by an exception. */
  public static Decoded<NewEvent> fromJson(byte[] json, UnknownFields unknownFields) {
    return ObjectDecoder.decode(json, unknownFields, new NewEventDecoder());
  }

  public NewEvent withDedupeKey(DedupeKey key) {
    return new NewEvent(agentId, eventType, content, metaSummary, role, author, occurredAt, sessionId, metadata,
        sourceUri, key, importanceScore);
  }

  /**
   * 128 bits of a hash of what can never change: type, content, session and source. Two events of one identity are the same
   * event where their digests are equal and {@code occurred_at}, if the later one was sent with it, is too.
   */
  public UUID payloadDigest() {
    return new LengthPrefixed().add(eventType).add(content).add(sessionId).add(sourceUri).digest();
  }
}
