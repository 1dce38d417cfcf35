package com.elephantasm.events.writer.query;

import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;

/** What decides whether an event is shown. */
record EventOwner(EventId id, SpiritId agentId, boolean isDeleted) {
  static EventOwner of(Event event) {
    return new EventOwner(event.id(), event.agentId(), event.isDeleted());
  }
}
