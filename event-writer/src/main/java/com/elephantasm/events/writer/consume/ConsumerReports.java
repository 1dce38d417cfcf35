package com.elephantasm.events.writer.consume;

import com.elephantasm.events.writer.store.LogEntry;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the consumers tell of their work, until it is asked for. */
final class ConsumerReports {
  private final Set<Integer> moved = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean databaseRefuses = new AtomicBoolean();

  void applied(Collection<LogEntry> batch) {
    batch.forEach(entry -> moved.add(entry.record().position().partition()));
  }

  /** The database answers, but has no room or takes no work for now. */
  void databaseRefuses() {
    databaseRefuses.set(true);
  }

  /** The partitions in which something was applied since this was asked last. */
  Set<Integer> takeMoved() {
    Set<Integer> taken = Set.copyOf(moved);
    moved.removeAll(taken);
    return taken;
  }

  /** Whether that happened since this was asked last. */
  boolean takeDatabaseRefuses() {
    return databaseRefuses.getAndSet(false);
  }
}
