package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.LogPosition;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the events, as the log makes it or as the store has it.
 *
 * @param metadata as compact JSON
 */
record EventRow(UUID id, UUID agentId, String eventType, String content, @Nullable String metaSummary,
    @Nullable String role, @Nullable String author, Instant occurredAt, @Nullable String sessionId, String metadata,
    @Nullable String sourceUri, @Nullable String dedupeKey, @Nullable Double importanceScore, Instant createdAt,
    Instant updatedAt, boolean isDeleted, LogPosition created, LogPosition changed) {}
