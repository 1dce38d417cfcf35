package com.elephantasm.events.writer.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Collects what became of the records of a batch. A record that waited for its spirit has one fate after the other. */
final class BatchFates implements BiConsumer<LogEntry, Fate> {
  private final Map<Position, Fate> last = new HashMap<>();
  private long skipped;

  @Override
  public void accept(LogEntry entry, Fate fate) {
    last.put(entry.position(), fate);
  }

  void skipped(long records) {
    skipped += records;
  }

  /** A record of an earlier batch that has another fate now was counted as rejected when it came to wait for its spirit. */
  Tally tally(Collection<LogEntry> batch) {
    Tally tally = new Tally();
    tally.add(Fate.SKIPPED, skipped);
    Map<Position, Fate> earlier = new HashMap<>(last);
    for (LogEntry entry : batch) {
      tally.add(last.getOrDefault(entry.position(), Fate.SKIPPED), 1);
      earlier.remove(entry.position());
    }
    earlier.values().forEach(fate -> {
      tally.add(Fate.REJECTED, -1);
      tally.add(fate, 1);
    });
    return tally;
  }
}
