package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.ReceivedRecord;

/**
 * A record of the log with what it says.
 *
 * @param partition its partition, as {@link LogPartitions} names it
 */
public record LogEntry(int partition, ReceivedRecord record, DecodedChange content) {
  Position position() {
    return new Position(partition, record.position().offset());
  }

  /** Whether somebody is told what becomes of it: then nothing else may become of it later. */
  boolean outcomeAsked() {
    return record.replyTo() != null || record.redrive() != null;
  }
}
