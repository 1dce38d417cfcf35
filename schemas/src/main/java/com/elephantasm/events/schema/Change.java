package com.elephantasm.events.schema;

import java.time.Instant;

/** One entry of the log: a change of a spirit or of an event. */
public sealed interface Change {
  /** The spirit that it is about; the record's key, so that all changes of one spirit stay in order. */
  SpiritId spiritId();

  /** Creates a spirit, or puts it again: an existing one is replaced by what is put. */
  record SpiritCreated(SpiritId spiritId, NewSpirit spirit) implements Change {}

  record SpiritAmended(SpiritId spiritId, SpiritAmendment amendment) implements Change {}

  /**
   * @param occurredAt as sent, or the default
   */
  record EventCreated(EventId id, NewEvent event, Identity identity, Instant occurredAt) implements Change {
    /**
     * @param defaultOccurredAt for an event that was sent without; to the microsecond
     * @param otherwise what identifies the event where it has neither a key nor a source URI
     */
    public static EventCreated of(NewEvent event, Instant defaultOccurredAt, Identity otherwise) {
      Instant occurredAt = event.occurredAt() != null ? event.occurredAt() : defaultOccurredAt;
      Identity identity = Identity.of(event, occurredAt, otherwise);
      return new EventCreated(EventId.of(event.agentId(), identity), event, identity, occurredAt);
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
