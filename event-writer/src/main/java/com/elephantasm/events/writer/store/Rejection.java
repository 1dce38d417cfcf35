package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.util.Optional;

/**
 * Why a record does not become a row.
 *
 * @param lastOffset where the same record stands for the last time, if it was seen more than once
 * @param occurrences how often it was seen
 * @param waiting whether it is applied by itself when its spirit arrives
 * @param episode tells rejections apart between which the same record may have been stored: for a deleted spirit, the offset of
 *     the deletion, else 0
 */
record Rejection(LogEntry entry, long lastOffset, long occurrences, RejectionReason reason, String detail,
    boolean waiting, long episode) {
  static Rejection of(LogEntry entry, RejectionReason reason, String detail) {
    return new Rejection(entry, entry.position().offset(), 1, reason, detail, false, 0);
  }

  static Rejection waiting(LogEntry entry, String detail) {
    return new Rejection(entry, entry.position().offset(), 1, RejectionReason.UNKNOWN_SPIRIT, detail, true, 0);
  }

  static Rejection deleted(LogEntry entry, String detail, long deletion) {
    return new Rejection(entry, entry.position().offset(), 1, RejectionReason.DELETED_SPIRIT, detail, false, deletion);
  }

  /** The rejection, for another reason, of what had been waiting for its spirit. */
  Rejection after(Rejection waited) {
    return new Rejection(entry, waited.lastOffset, waited.occurrences, reason, detail, waiting, episode);
  }

  /** The same of a record that had been waiting, and that PostgreSQL refuses now that its spirit is there. */
  Rejection refused(String reason) {
    return of(entry, RejectionReason.REFUSED, reason).after(this);
  }

  boolean isWaitingFor(SpiritId spirit) {
    return awaitedSpirit().equals(Optional.of(spirit));
  }

  boolean isRedriveFor(SpiritId spirit) {
    return entry.record().redrive() != null && entry.content() instanceof DecodedChange.Readable(Change change)
        && change.spiritId().equals(spirit);
  }

  Optional<SpiritId> awaitedSpirit() {
    return waiting && entry.content() instanceof DecodedChange.Readable(Change change)
        ? Optional.of(change.spiritId())
        : Optional.empty();
  }
}
