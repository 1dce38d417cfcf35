package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a new event. */
final class NewEventDecoder extends ObjectDecoder<NewEvent> {
  private @Nullable UUID agentId;
  private @Nullable String eventType;
  private @Nullable String content;
  private @Nullable String metaSummary;
  private @Nullable String role;
  private @Nullable String author;
  private @Nullable Instant occurredAt;
  private @Nullable String sessionId;
  private @Nullable Metadata metadata;
  private @Nullable String sourceUri;
  private @Nullable DedupeKey dedupeKey;
  private @Nullable Double importanceScore;

  @Override
  boolean member(String name, FieldReader value) {
    switch (name) {
      case "agent_id" -> agentId = value.uuid();
      case "event_type" -> eventType = value.text(NewEvent.MAX_TYPE_LENGTH, false);
      case "content" -> content = value.text();
      case "meta_summary" -> metaSummary = value.optional(FieldReader::text);
      case "role" -> role = value.optional(v -> v.text(NewEvent.MAX_ROLE_LENGTH, true));
      case "author" -> author = value.optional(v -> v.text(NewEvent.MAX_AUTHOR_LENGTH, true));
      case "occurred_at" -> occurredAt = value.optional(FieldReader::timestamp);
      case "session_id" -> sessionId = value.optional(v -> v.text(NewEvent.MAX_SESSION_LENGTH, true));
      case "metadata" -> metadata = value.optional(FieldReader::metadata);
      case "source_uri" -> sourceUri = value.optional(FieldReader::text);
      case "dedupe_key" -> dedupeKey = value.optional(FieldReader::dedupeKey);
      case "importance_score" -> importanceScore = value.optional(FieldReader::fraction);
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  void end(FieldReader reader) {
    reader.require("agent_id", "event_type", "content");
  }

  @Override
  NewEvent build() {
    return new NewEvent(new SpiritId(requireNonNull(agentId)), requireNonNull(eventType), requireNonNull(content),
        metaSummary, role, author, occurredAt, sessionId, metadata == null ? Metadata.EMPTY : metadata, sourceUri,
        dedupeKey, importanceScore);
  }
}
