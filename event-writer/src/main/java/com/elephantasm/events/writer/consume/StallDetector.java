package com.elephantasm.events.writer.consume;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides from what is observed of the log and the store which partitions have stalled. It is told the time, and asks no server
 * itself. Lag alone, however large, is no stall: one step forward, or a moment in which a server was away or the partition
 * somebody else's, and the time begins anew. Not safe for threads.
 */
final class StallDetector {
  private final Duration stalledAfter;
  private final Duration longestGap;
  private final Map<Integer, Watched> watched = new HashMap<>();
  private @Nullable Instant last;

  /**
   * How far the store and the log are in a partition.
   *
   * @param position everything before it is applied
   * @param end after the last record
   */
  record Reading(long position, long end) {
    private boolean lags() {
      return position < end;
    }
  }

  private record Watched(long position, Instant since) {}

  /**
   * @param stalledAfter how long a partition may have records and make no progress
   * @param longestGap between two observations; after a longer one this process did not run itself, and everything begins anew
   */
  StallDetector(Duration stalledAfter, Duration longestGap) {
    this.stalledAfter = stalledAfter;
    this.longestGap = longestGap;
  }

  /**
   * @param readings of all partitions that are this process's concern, and of which both servers say how far they are. One that
   *     is left out is forgotten, as by an observation without any while a server is away
   * @param moved partitions in which something was applied since the last observation, whatever the readings say: what is read
   *     again does not move the position
   * @return the partitions that have stalled
   */
  List<Stall> observe(Instant now, Map<Integer, Reading> readings, Set<Integer> moved) {
    if (last != null && (now.isBefore(last) || Duration.between(last, now).compareTo(longestGap) > 0)) {
      watched.clear();
    }
    last = now;
    watched.keySet().retainAll(readings.keySet());
    List<Stall> stalls = new ArrayList<>();
    readings.forEach((partition, reading) -> {
      Watched before = watched.get(partition);
      if (before == null || !reading.lags() || reading.position() != before.position() || moved.contains(partition)) {
        watched.put(partition, new Watched(reading.position(), now));
      } else if (!now.isBefore(before.since().plus(stalledAfter))) {
        stalls.add(new Stall(partition, reading.position(), reading.end(), before.since()));
      }
    });
    return stalls;
  }
}
