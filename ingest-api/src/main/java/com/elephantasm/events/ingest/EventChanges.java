package com.elephantasm.events.ingest;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.CloudEvent;
import com.elephantasm.events.schema.CloudEventContext;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.TimeOrderedId;
import com.elephantasm.events.schema.UnknownFields;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes changes of new events. */
final class EventChanges {
  /** CloudEvents' JSON event format, and its array of events. */
  static final String CLOUD_EVENT = "application/cloudevents+json";
  static final String CLOUD_EVENTS = "application/cloudevents-batch+json";

  /** CloudEvents' {@code source} of events that nothing but their publication identifies. */
  private static final String SOURCE = "/elephantasm/ingest";

  private final Clock clock;

  EventChanges(Clock clock) {
    this.clock = clock;
  }

  /**
   * An event that has neither a key nor a source URI nor came as a CloudEvent is one of its own, and one without a time
   * happened now.
   */
  Change.EventCreated of(NewEvent event, @Nullable CloudEventContext context) {
    Instant now = clock.instant();
    Instant defaultOccurredAt = now.truncatedTo(ChronoUnit.MICROS);
    return context == null
        ? Change.EventCreated.of(event, defaultOccurredAt,
            new Identity.CloudEvent(SOURCE, TimeOrderedId.at(now).toString()))
        : Change.EventCreated.of(event, defaultOccurredAt, context);
  }

  /** Reads an event of a batch. */
  Decoded<Change.EventCreated> read(byte[] json) {
    return change(NewEvent.fromJson(json, UnknownFields.REJECT), event -> of(event, null));
  }

  /** Reads an event of a batch of CloudEvents. */
  Decoded<Change.EventCreated> readCloudEvent(byte[] json) {
    return change(CloudEvent.newEventFromJson(json, UnknownFields.REJECT), sent -> of(sent.data(), sent.context()));
  }

  private static <T> Decoded<Change.EventCreated> change(Decoded<T> sent, Function<T, Change.EventCreated> toChange) {
    return switch (sent) {
      case Decoded.Valid<T>(T value) -> new Decoded.Valid<>(toChange.apply(value));
      case Decoded.Invalid<T>(var violations) -> new Decoded.Invalid<>(violations);
      case Decoded.Malformed<T>(String detail) -> new Decoded.Malformed<>(detail);
    };
  }
}
