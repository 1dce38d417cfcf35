package com.elephantasm.events.faults.load;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The attributes of those events that come as CloudEvents. */
final class CloudEvents {
  private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00.5Z");

  private CloudEvents() {}

  /** The same at every try: source and id name the event. Every other one says when it happened. */
  static Map<String, String> attributes(SentEvent event) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("type", "com.elephantasm.event.created.v1");
    attributes.put("source", "/faults");
    attributes.put("id", event.marker());
    if (event.number() % 2 == 0) {
      attributes.put("time", FIRST.plusSeconds(event.number()).toString());
    }
    return attributes;
  }
}
