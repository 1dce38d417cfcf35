package com.elephantasm.events.writer.transfer;

import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as an export has it.
 *
 * @param timestamp milliseconds since 1970; null where the record has none (those of clients older than Kafka 0.10)
 */
record ExportedRecord(RecordPosition position, @Nullable Long timestamp, byte @Nullable [] key,
    List<RecordHeader> headers, byte @Nullable [] value) {
  ExportedRecord {
    headers = List.copyOf(headers);
  }
}
