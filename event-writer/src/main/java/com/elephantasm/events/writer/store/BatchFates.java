package com.elephantasm.events.writer.store;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Collects what became of the records of a batch. A record that waited for its spirit has one fate after the other. */
final class BatchFates {
  /** @param records how many equal ones a dead letter stood for */
  private record Met(Fate fate, long records) {}

  private final Map<Position, Met> last = new HashMap<>();
  private long skipped;

  void is(LogEntry entry, Fate fate, long records) {
    last.put(entry.position(), new Met(fate, records));
  }

  void skipped(long records) {
    skipped += records;
  }

  /**
   * Records of an earlier batch that have another fate now were counted as rejected when they came to wait for their spirit. Of
   * equal ones the first makes the row, as it does where they come in one batch with their spirit.
   */
  Tally tally(Collection<LogEntry> batch) {
    Tally tally = new Tally();
    tally.add(Fate.SKIPPED, skipped);
    Map<Position, Met> earlier = new HashMap<>(last);
    for (LogEntry entry : batch) {
      Met met = last.get(entry.position());
      tally.add(met == null ? Fate.SKIPPED : met.fate(), 1);
      earlier.remove(entry.position());
    }
    for (Met met : earlier.values()) {
      tally.add(Fate.REJECTED, -met.records());
      tally.add(met.fate(), 1);
      tally.add(met.fate() == Fate.STORED ? Fate.DUPLICATE : met.fate(), met.records() - 1);
    }
    return tally;
  }
}
