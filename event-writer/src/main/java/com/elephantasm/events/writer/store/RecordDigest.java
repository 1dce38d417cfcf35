package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.HeaderNames;
import com.elephantasm.events.schema.LengthPrefixed;
import com.elephantasm.events.schema.Redrive;
import com.elephantasm.events.schema.RejectionReason;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two rejected records are the same rejection: 128 bits of SHA-256 over what decides how a record is read, its
 * key and value and, for a change that may yet be applied by itself, over what makes it a change of its own.
 */
final class RecordDigest {
  private static final String STRUCTURED = "application/cloudevents";

  private RecordDigest() {}

  /**
   * A client that is told no may send the same again under other names for ever, which is one rejection; but a conflict is about
   * the name itself.
   */
  static UUID of(LogEntry entry, RejectionReason reason) {
    boolean namesDiffer = !wasAsked(entry) || reason == RejectionReason.CONFLICT;
    LengthPrefixed fields = new LengthPrefixed().add(entry.record().header(HeaderNames.TYPE)).add(entry.record().key())
        .add(entry.record().value()).add(namesDiffer ? ownIdentity(entry) : null);
    String contentType = entry.record().header(HeaderNames.CONTENT_TYPE);
    if (contentType != null && contentType.regionMatches(true, 0, STRUCTURED, 0, STRUCTURED.length())) {
      fields.add(contentType);
    }
    return fields.digest();
  }

  /** A record that was redriven is, if it is rejected again, the same rejection as before. */
  private static boolean wasAsked(LogEntry entry) {
    Redrive redrive = entry.record().redrive();
    return redrive == null ? entry.record().replyTo() != null : redrive.asked();
  }

  /**
   * Two equal records without a key are two events. Amendments are never the same one: between two equal ones there may be
   * another.
   */
  private static @Nullable String ownIdentity(LogEntry entry) {
    return switch (entry.content()) {
      case DecodedChange.Unreadable _ -> null;
      case DecodedChange.Readable(Change.EventCreated created) -> created.id().toString();
      case DecodedChange.Readable(Change.EventAmended _),DecodedChange.Readable(Change.SpiritCreated _),DecodedChange.Readable(Change.SpiritAmended _) ->
        entry.position().toString();
    };
  }
}
