package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;

/**
 * Why a record does not become a row.
 *
 * @param lastOffset where the same record stands for the last time, if it was seen more than once
 * @param occurrences how often it was seen
 * @param waiting whether it is applied by itself when its spirit arrives
 */
record Rejection(LogEntry entry, long lastOffset, long occurrences, RejectionReason reason, String detail,
    boolean waiting) {
  static Rejection of(LogEntry entry, RejectionReason reason, String detail) {
    return new Rejection(entry, entry.position().offset(), 1, reason, detail, false);
  }

  static Rejection waiting(LogEntry entry, String detail) {
    return new Rejection(entry, entry.position().offset(), 1, RejectionReason.UNKNOWN_SPIRIT, detail, true);
  }

  /** The rejection, for another reason, of what had been waiting for its spirit. */
  Rejection after(Rejection waited) {
    return new Rejection(entry, waited.lastOffset, waited.occurrences, reason, detail, waiting);
  }

  boolean isWaitingFor(SpiritId spirit) {
    return waiting && entry.content() instanceof DecodedChange.Readable(Change change)
        && change.spiritId().equals(spirit);
  }
}
