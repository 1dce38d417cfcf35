package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.LogEntry;
import java.util.List;

/**
 * Records that a replay has read one after the other from one partition.
 *
 * @param entries those that are selected, in the order of the log; none where only others were read
 * @param from where the partition stood before
 * @param next where it stands after it
 * @param read how many records were read, selected or not
 */
public record ReplayBatch(LogStretch stretch, List<LogEntry> entries, long from, long next, long read) {
  public ReplayBatch {
    entries = List.copyOf(entries);
  }

  /** The first half and the second, for who has to find out which record is to blame. */
  public List<ReplayBatch> halves() {
    int middle = entries.size() / 2;
    List<LogEntry> first = entries.subList(0, middle);
    long end = first.getLast().record().position().offset() + 1;
    return List.of(new ReplayBatch(stretch, first, from, end, middle),
        new ReplayBatch(stretch, entries.subList(middle, entries.size()), end, next, read - middle));
  }
}
