package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.LogPosition;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the spirits, as the log makes it or as the store has it. */
record SpiritRow(UUID id, String name, @Nullable String description, String metadata, Instant createdAt,
    Instant updatedAt, boolean isDeleted, LogPosition created, LogPosition changed) {
  boolean says(String otherName, @Nullable String otherDescription, String otherMetadata) {
    return name.equals(otherName) && Objects.equals(description, otherDescription)
        && metadata.equals(otherMetadata) && !isDeleted;
  }
}
