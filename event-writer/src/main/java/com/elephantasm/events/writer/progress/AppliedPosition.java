package com.elephantasm.events.writer.progress;

/**
 * What of a partition of the log is in the store.
 *
 * @param id {@code log_partitions.id}: it tells a topic from one of the same name that was deleted before, and grows
 * @param nextOffset everything before it is applied
 */
record AppliedPosition(int id, int partition, long nextOffset) {
  /** Whether it says more: further on, or of a topic that was made anew. */
  boolean isAfter(AppliedPosition other) {
    return id == other.id ? nextOffset > other.nextOffset : id > other.id;
  }
}
