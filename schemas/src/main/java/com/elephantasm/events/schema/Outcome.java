package com.elephantasm.events.schema;

import java.util.UUID;

/** What became of one change. None of these is a failure of the store. */
public sealed interface Outcome {
  /** The event or spirit that the change was about. */
  UUID subject();

  record EventStored(Event event) implements Outcome {
    @Override
    public UUID subject() {
      return event.id().value();
    }
  }

  /** Same identity, same payload: nothing to do. */
  record EventDuplicate(Event original) implements Outcome {
    @Override
    public UUID subject() {
      return original.id().value();
    }
  }

  /** The event as it stands; an amendment older than what the row already has changed nothing. */
  record EventAmended(Event event) implements Outcome {
    @Override
    public UUID subject() {
      return event.id().value();
    }
  }

  /** A new spirit. */
  record SpiritStored(Spirit spirit) implements Outcome {
    @Override
    public UUID subject() {
      return spirit.id().value();
    }
  }

  /** A spirit that was there before, as it is now. */
  record SpiritAmended(Spirit spirit) implements Outcome {
    @Override
    public UUID subject() {
      return spirit.id().value();
    }
  }

  /** Not stored; a dead letter keeps the record. */
  record Rejected(UUID subject, RejectionReason reason, String detail) implements Outcome {}
}
