package com.elephantasm.events.writer.store;

/**
 * Where a record stands, as rows remember it.
 *
 * @param partition {@code log_partitions.id}: a partition of one topic for as long as that topic lives
 */
record Position(int partition, long offset) {
  static final Position BEFORE_ALL = new Position(-1, -1);

  boolean isInSamePartitionAndBefore(Position other) {
    return partition == other.partition && offset < other.offset;
  }
}
