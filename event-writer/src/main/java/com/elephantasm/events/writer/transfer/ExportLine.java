package com.elephantasm.events.writer.transfer;

import com.elephantasm.events.schema.RecordPosition;
import java.util.List;

/** What a line of an export says. */
sealed interface ExportLine {
  /**
   * The first: which part of which topic it is.
   *
   * @param partitionCount how many partitions the topic has, exported or not
   */
  record Start(String topic, int partitionCount, List<TransferProgress.Stretch> partitions) implements ExportLine {
    public Start {
      partitions = List.copyOf(partitions);
    }
  }

  record Entry(ExportedRecord record) implements ExportLine {
    RecordPosition position() {
      return record.position();
    }
  }

  /** The last, without which the export is only a part of one. */
  record End(long records) implements ExportLine {}
}
