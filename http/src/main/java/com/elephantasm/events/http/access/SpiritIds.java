package com.elephantasm.events.http.access;

import com.elephantasm.events.schema.SpiritId;
import java.util.Optional;
import java.util.UUID;

/** Reads ids of allow-lists. */
final class SpiritIds {
  private SpiritIds() {}

  /** Strictly, as {@link UUID#fromString} takes {@code 1-1-1-1-1} for one. */
  static Optional<SpiritId> parse(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equalsIgnoreCase(text) ? Optional.of(new SpiritId(id)) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
