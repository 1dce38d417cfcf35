package com.elephantasm.events.schema;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored.
 *
 * @param dedupeKey the sender's key, or the one made from {@code source_uri}; null where the event has another identity
 * @param createdAt the timestamp of the record that created it, so that a rebuilt store says the same
 * @param updatedAt the timestamp of the record that last changed it
 */
public record Event(EventId id, SpiritId agentId, String eventType, String content, @Nullable String metaSummary,
    @Nullable String role, @Nullable String author, Instant occurredAt, @Nullable String sessionId, Metadata metadata,
    @Nullable String sourceUri, @Nullable DedupeKey dedupeKey, @Nullable Double importanceScore, Instant createdAt,
    Instant updatedAt, boolean isDeleted) {

  /** The event after an amendment by a record of that time. */
  public Event amended(EventAmendment amendment, Instant at) {
    return new Event(id, agentId, eventType, content, amendment.metaSummary().appliedTo(metaSummary),
        amendment.role().appliedTo(role), amendment.author().appliedTo(author), occurredAt, sessionId,
        amendment.metadata().appliedToRequired(metadata), sourceUri, dedupeKey,
        amendment.importanceScore().appliedTo(importanceScore), createdAt, at,
        amendment.isDeleted().appliedToRequired(isDeleted));
  }
}
