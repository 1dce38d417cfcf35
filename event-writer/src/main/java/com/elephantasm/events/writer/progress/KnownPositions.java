package com.elephantasm.events.writer.progress;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How far the store is known to be; it is that far or farther. Safe for any number of threads. */
final class KnownPositions {
  private final Map<Integer, AppliedPosition> byPartition = new ConcurrentHashMap<>();
  private final AtomicLong version = new AtomicLong();

  /** Takes what says more than is known, and ignores the rest. */
  void advance(AppliedPosition said) {
    AtomicBoolean more = new AtomicBoolean();
    byPartition.compute(said.partition(), (_, known) -> {
      more.set(known == null || said.isAfter(known));
      return known == null || more.get() ? said : known;
    });
    if (more.get()) {
      version.incrementAndGet();
    }
  }

  boolean contain(int partition, long offset) {
    AppliedPosition known = byPartition.get(partition);
    return known != null && offset < known.nextOffset();
  }

  /** Grows with every advance. */
  long version() {
    return version.get();
  }
}
