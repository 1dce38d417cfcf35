package com.elephantasm.events.schema;

import java.util.UUID;

/** Names a spirit: the agent that owns events. Chosen by the caller or by the ingest-api, any UUID. */
public record SpiritId(UUID value) implements Comparable<SpiritId> {
  @Override
  public int compareTo(SpiritId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
