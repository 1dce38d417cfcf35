package com.elephantasm.events.writer.tail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How far events can be shown: every one behind it is stored, and none will ever come in there.
 *
 * @param ids by which rows refer to the partitions of the cursor
 */
record Frontier(TailCursor cursor, Map<TopicPartition, Integer> ids) {
  Frontier at(TailCursor other) {
    return new Frontier(other, ids);
  }

  /**
   * What lies between a cursor and this. Late events come first: in the log they stand before the others.
   *
   * @param longest of each stretch, in positions
   */
  List<Stretch> since(TailCursor from, long longest) {
    List<Stretch> stretches = new ArrayList<>();
    if (from.late() < cursor.late()) {
      stretches.add(new Stretch.OfLate(from.late(), from.late() + Math.min(longest, cursor.late() - from.late())));
    }
    cursor.next().forEach((partition, to) -> {
      long start = from.next(partition);
      Integer id = ids.get(partition);
      if (start < to && id != null) {
        stretches.add(new Stretch.OfLog(id, partition, start, start + Math.min(longest, to - start)));
      }
    });
    return stretches;
  }
}
