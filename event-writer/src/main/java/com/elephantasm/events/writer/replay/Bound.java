package com.elephantasm.events.writer.replay;

import java.time.Instant;
import java.util.Map;

/** Where a selection begins, inclusive, or ends, exclusive. */
public sealed interface Bound {
  /** By the timestamps of the records. */
  record At(Instant time) implements Bound {}

  /** By the offset in each of these partitions; in all others at the beginning or end of the log. */
  record Offsets(Map<Integer, Long> byPartition) implements Bound {
    public Offsets {
      byPartition = Map.copyOf(byPartition);
    }
  }
}
