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
   * Records of an earlier batch that have another fate now were counted as rejected when they came to wait for their spirit, and
   * so is what waits in this one, when its turn in the batch comes. Of equal ones the first makes the row, as it does where each
   * is applied by itself.
   */
  Tally tally(Collection<LogEntry> batch) {
    Tally tally = new Tally();
    tally.add(Fate.SKIPPED, skipped);
    Map<Position, Met> earlier = new HashMap<>(last);
    for (LogEntry entry : batch) {
      Met met = earlier.remove(entry.position());
      if (met == null) {
        tally.add(Fate.SKIPPED, 1);
      } else {
        add(met, tally);
      }
    }
    for (Met met : earlier.values()) {
      tally.add(Fate.REJECTED, -1);
      add(met, tally);
    }
    return tally;
  }

  private static void add(Met met, Tally tally) {
    tally.add(met.fate(), 1);
    tally.add(Fate.REJECTED, 1 - met.records());
    tally.add(met.fate() == Fate.STORED ? Fate.DUPLICATE : met.fate(), met.records() - 1);
  }
}
