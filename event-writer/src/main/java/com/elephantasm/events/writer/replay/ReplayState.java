package com.elephantasm.events.writer.replay;

import java.util.Locale;

/** Where a replay is. */
public enum ReplayState {
  /** Asked for; it waits for its turn. */
  PENDING,
  /** Somebody runs it; if that process ends, another one takes over within a few seconds. */
  RUNNING,
  /** Stopped until it is resumed, which goes on where it stood. */
  PAUSED, COMPLETED, FAILED, CANCELLED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ReplayState of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }

  /** Whether nothing will happen to it any more. */
  public boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
