package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.LogPosition;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the dead letters; it stands for equal records of one partition. */
record DeadLetter(int partition, long firstOffset, long lastOffset, String reason, boolean waiting,
    @Nullable UUID agentId, byte[] value) {
  boolean covers(LogPosition position) {
    return partition == position.partition() && firstOffset <= position.offset() && position.offset() <= lastOffset;
  }

  @Override
  public String toString() {
    return "dead letter %s of %d@%d..%d".formatted(reason, partition, firstOffset, lastOffset);
  }
}
