package com.elephantasm.events.writer.store;

import java.time.Instant;

/**
 * Which record last changed a row, and when that record was written.
 *
 * <p>Within a partition the order is that of the offsets. Between two partitions there is none, so the time of the records
 * decides: that happens where a spirit's changes were published with other keys, and where a store is fed from another topic
 * than before. Then a change must be strictly later, so that a copy of the log never moves a row backward.
 */
record Version(Position changed, Instant at) {
  boolean isOlderThan(Version other) {
    return changed.partition() == other.changed.partition()
        ? changed.offset() < other.changed.offset()
        : at.isBefore(other.at);
  }

  static Version of(LogEntry entry) {
    return new Version(entry.position(), entry.record().timestamp());
  }
}
