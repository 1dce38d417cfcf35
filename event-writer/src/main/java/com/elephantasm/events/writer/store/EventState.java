package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.EventAmendment;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Of a stored event, what can change and what decides whether it may: everything but the content. */
record EventState(EventId id, SpiritId agentId, Instant occurredAt, UUID payloadDigest, Position created,
    Version version, @Nullable String metaSummary, @Nullable Double importanceScore, Metadata metadata,
    @Nullable String role, @Nullable String author, boolean isDeleted) {

  /** Whether an event of the same identity is this one. A time that its sender did not give is not compared. */
  boolean hasPayloadOf(NewEvent event) {
    return payloadDigest.equals(event.payloadDigest())
        && (event.occurredAt() == null || event.occurredAt().equals(occurredAt));
  }

  EventState amended(EventAmendment amendment, Version by) {
    return new EventState(id, agentId, occurredAt, payloadDigest, created, by,
        amendment.metaSummary().appliedTo(metaSummary), amendment.importanceScore().appliedTo(importanceScore),
        amendment.metadata().appliedToRequired(metadata), amendment.role().appliedTo(role),
        amendment.author().appliedTo(author), amendment.isDeleted().appliedToRequired(isDeleted));
  }
}
