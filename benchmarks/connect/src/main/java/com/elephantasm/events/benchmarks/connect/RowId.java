package com.elephantasm.events.benchmarks.connect;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The key of a row that the sink upserts by. */
public final class RowId {
  private static final int AGENT_PART = 8;

  private RowId() {}

  /**
   * Made as the writer's ids are: those of one agent sit together in the index, and the same event has the same one.
   *
   * @param key by which the event is known within its agent
   */
  public static String of(String agent, String key) {
    UUID hash = UUID.nameUUIDFromBytes((agent + key).getBytes(StandardCharsets.UTF_8));
    return agent.substring(0, AGENT_PART) + hash.toString().substring(AGENT_PART);
  }
}
