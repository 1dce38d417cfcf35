package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Outcomes of records that became nothing, and what a record is about. */
final class Outcomes {
  private static final UUID NOTHING = new UUID(0, 0);

  private Outcomes() {}

  /** The event or spirit; null where the record cannot be read. */
  static @Nullable UUID subject(LogEntry entry) {
    return switch (entry.content()) {
      case DecodedChange.Unreadable _ -> null;
      case DecodedChange.Readable(Change.EventCreated created) -> created.id().value();
      case DecodedChange.Readable(Change.EventAmended amended) -> amended.eventId().value();
      case DecodedChange.Readable(Change.SpiritCreated created) -> created.spiritId().value();
      case DecodedChange.Readable(Change.SpiritAmended amended) -> amended.spiritId().value();
    };
  }

  static Outcome rejected(LogEntry entry, RejectionReason reason, String detail) {
    UUID subject = subject(entry);
    return new Outcome.Rejected(subject == null ? NOTHING : subject, reason, detail);
  }
}
