package com.elephantasm.events.faults.load;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One spirit of the load, and all that was sent about it. */
public final class SentSpirit {
  private final UUID id;
  private final String marker;
  private final List<SentChange> changes = new ArrayList<>();

  SentSpirit(UUID id, String marker) {
    this.id = id;
    this.marker = marker;
  }

  public UUID id() {
    return id;
  }

  public String marker() {
    return marker;
  }

  synchronized void changed(SentChange change) {
    changes.add(change);
  }

  public synchronized List<SentChange> changes() {
    return List.copyOf(changes);
  }
}
