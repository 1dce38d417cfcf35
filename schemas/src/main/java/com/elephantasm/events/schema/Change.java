package com.elephantasm.events.schema;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One entry of the log: a change of a spirit or of an event. */
public sealed interface Change {
  /** The spirit that it is about; the record's key, so that all changes of one spirit stay in order. */
  SpiritId spiritId();

  /** Creates a spirit, or puts it again: an existing one is replaced by what is put. */
  record SpiritCreated(SpiritId spiritId, NewSpirit spirit) implements Change {}

  record SpiritAmended(SpiritId spiritId, SpiritAmendment amendment) implements Change {}

  /**
   * @param occurredAt as sent, or the default
   * @param context what the CloudEvent that it came as says beyond identity, id and {@code occurredAt}; null where nothing
   */
  record EventCreated(EventId id, NewEvent event, Identity identity, Instant occurredAt,
      @Nullable CloudEventContext context) implements Change {
    /**
     * @param defaultOccurredAt for an event that was sent without; to the microsecond
     * @param otherwise what identifies the event where it has neither a key nor a source URI
     */
    public static EventCreated of(NewEvent event, Instant defaultOccurredAt, Identity otherwise) {
      Instant occurredAt = event.occurredAt() != null ? event.occurredAt() : defaultOccurredAt;
      Identity identity = Identity.of(event, occurredAt, otherwise);
      return new EventCreated(EventId.of(event.agentId(), identity), event, identity, occurredAt, null);
    }

    /**
     * An event that came as a CloudEvent, whose source and id identify it where it has neither a key nor a source URI.
     *
     * @param defaultOccurredAt for an event that was sent without a time of its own or of the CloudEvent; to the microsecond
     */
    public static EventCreated of(NewEvent event, Instant defaultOccurredAt, CloudEventContext context) {
      Identity named = new Identity.CloudEvent(context.source(), context.id());
      EventCreated created = of(event, context.time() != null ? context.time() : defaultOccurredAt, named);
      CloudEventContext more = context.beyond(created.id, created.occurredAt);
      return more.isNameOnly() && created.identity.equals(named) ? created : created.with(more);
    }

    private EventCreated with(@Nullable CloudEventContext other) {
      return new EventCreated(id, event, identity, occurredAt, other);
    }

    /** Without a context that says no more than the one which we give an event with a key: its id. */
    EventCreated withoutNameOfOurs() {
      return context != null && context.isNameOnly() && context.id().equals(id.toString()) ? with(null) : this;
    }

    @Override
    public SpiritId spiritId() {
      return event.agentId();
    }

    /** The row that a record of that time makes. */
    public Event stored(Instant createdAt) {
      return new Event(id, event.agentId(), event.eventType(), event.content(), event.metaSummary(), event.role(),
          event.author(), occurredAt, event.sessionId(), event.metadata(), event.sourceUri(), identity.dedupeKey(),
          event.importanceScore(), createdAt, createdAt, false);
    }
  }

  record EventAmended(SpiritId spiritId, EventId eventId, EventAmendment amendment) implements Change {}
}
