package com.elephantasm.events.ingest;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.TimeOrderedId;
import com.elephantasm.events.schema.UnknownFields;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Makes changes of new events. */
final class EventChanges {
  /** CloudEvents' {@code source} of events that nothing but their publication identifies. */
  private static final String SOURCE = "/elephantasm/ingest";

  private final Clock clock;

  EventChanges(Clock clock) {
    this.clock = clock;
  }

  /** An event that has neither a key nor a source URI is one of its own, and one without a time happened now. */
  Change.EventCreated of(NewEvent event) {
    Instant now = clock.instant();
    Identity request = new Identity.CloudEvent(SOURCE, TimeOrderedId.at(now).toString());
    return Change.EventCreated.of(event, now.truncatedTo(ChronoUnit.MICROS), request);
  }

  /** Reads an event of a batch. */
  Decoded<Change.EventCreated> read(byte[] json) {
    return switch (NewEvent.fromJson(json, UnknownFields.REJECT)) {
      case Decoded.Valid<NewEvent>(NewEvent event) -> new Decoded.Valid<>(of(event));
      case Decoded.Invalid<NewEvent>(var violations) -> new Decoded.Invalid<>(violations);
      case Decoded.Malformed<NewEvent>(String detail) -> new Decoded.Malformed<>(detail);
    };
  }
}
