package com.elephantasm.events.writer.store;

import com.elephantasm.events.log.RecordTraces;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RejectionReason;
import io.opentelemetry.context.Scope;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record of the log with what it says.
 *
 * @param partition its partition, as {@link LogPartitions} names it
 */
public record LogEntry(int partition, ReceivedRecord record, DecodedChange content) {
  private static final Logger LOG = LoggerFactory.getLogger(LogEntry.class);

  /** Reads a record; any bytes have an answer. */
  public static LogEntry of(int partition, ReceivedRecord record) {
    return of(partition, record, ChangeCodec::decode);
  }

  /** Reading depends on nothing but the bytes, so a failure would come again for ever: the record counts as malformed. */
  static LogEntry of(int partition, ReceivedRecord record, Function<ReceivedRecord, DecodedChange> decoder) {
    try {
      return new LogEntry(partition, record, decoder.apply(record));
    } catch (RuntimeException | StackOverflowError e) {
      try (Scope _ = RecordTraces.about(record).makeCurrent()) {
        LOG.error("The writer fails to read the record at {} and puts it aside", record.position(),
            new DefectException(e));
      }
      return new LogEntry(partition, record,
          new DecodedChange.Unreadable(RejectionReason.MALFORMED, "the writer fails to read it: " + e));
    }
  }

  Position position() {
    return new Position(partition, record.position().offset());
  }

  /** Whether somebody is told what becomes of it: then nothing else may become of it later. */
  boolean outcomeAsked() {
    return record.replyTo() != null || record.redrive() != null;
  }
}
