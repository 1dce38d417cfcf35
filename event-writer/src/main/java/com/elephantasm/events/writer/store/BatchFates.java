package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.RejectionReason;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects what became of the records of a batch. A record that waited for its spirit has one fate after the other. */
final class BatchFates {
  /**
   * @param reason where it was rejected
   * @param records how many equal ones a dead letter stood for
   */
  record Met(LogEntry entry, Fate fate, @Nullable RejectionReason reason, long records) {}

  private final Map<Position, Met> last = new HashMap<>();
  private long skipped;

  void is(LogEntry entry, Fate fate, @Nullable RejectionReason reason, long records) {
    last.put(entry.position(), new Met(entry, fate, reason, records));
  }

  void skipped(long records) {
    skipped += records;
  }

  /**
   * Tells what became of each record, and keeps nothing of it.
   *
   * @param ofBatch is told of those of the batch, in their order
   * @param waited is told of those that came in an earlier batch, and waited for their spirit
   */
  void handOut(Collection<LogEntry> batch, Consumer<Met> ofBatch, Consumer<Met> waited) {
    for (LogEntry entry : batch) {
      Met met = last.remove(entry.position());
      ofBatch.accept(met == null ? new Met(entry, Fate.SKIPPED, null, 1) : met);
    }
    last.values().forEach(waited);
    last.clear();
  }

  /**
   * Records of an earlier batch that have another fate now were counted as rejected when they came to wait for their spirit, and
   * so is what waits in this one, when its turn in the batch comes. Of equal ones the first makes the row, as it does where each
   * is applied by itself.
   */
  Tally tally(Collection<LogEntry> batch) {
    Tally tally = new Tally();
    tally.add(Fate.SKIPPED, skipped);
    handOut(batch, met -> add(met, tally), met -> {
      tally.add(Fate.REJECTED, -1);
      add(met, tally);
    });
    return tally;
  }

  private static void add(Met met, Tally tally) {
    tally.add(met.fate(), 1);
    tally.add(Fate.REJECTED, 1 - met.records());
    tally.add(met.fate() == Fate.STORED ? Fate.DUPLICATE : met.fate(), met.records() - 1);
  }
}
