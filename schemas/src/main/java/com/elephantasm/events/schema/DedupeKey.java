package com.elephantasm.events.schema;

/** The caller's name for an event, unique within its spirit. Compared as sent: never trimmed, never case-folded. */
public record DedupeKey(String value) {
  /** Longest key in Unicode code points: at most 1020 bytes, well below the 2704 that a B-tree entry can hold. */
  public static final int MAX_LENGTH = 255;

  /** @throws IllegalArgumentException where it is blank, too long, or not text that PostgreSQL can hold */
  public DedupeKey {
    Text.check("dedupe_key", value, MAX_LENGTH, false);
  }
}
