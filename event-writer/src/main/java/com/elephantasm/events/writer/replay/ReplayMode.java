package com.elephantasm.events.writer.replay;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a replay does with the records that it reads. */
public enum ReplayMode {
  /** Applies them to the live store; what is there already stays as it is. */
  APPLY,
  /** Finds out what applying them would do. */
  DRY_RUN,
  /** Compares the store with them, both ways. */
  VERIFY,
  /** Makes the store anew beside the live one, and switches to it. */
  REBUILD;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<ReplayMode> of(String wireName) {
    return Arrays.stream(values()).filter(mode -> mode.wireName().equals(wireName)).findFirst();
  }
}
