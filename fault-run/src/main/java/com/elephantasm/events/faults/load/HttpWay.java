package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of its own for each event.
 *
 * @param async whether the log's acknowledgement is enough for the sender
 * @param keyInHeader whether a dedupe key is sent as {@code Idempotency-Key}
 */
record HttpWay(Gateway ingest, boolean async, boolean keyInHeader) implements Way {
  @Override
  public String name() {
    return "POST " + (async ? "async" : "sync") + (keyInHeader ? " header" : "");
  }

  @Override
  public Answer send(SentEvent event) throws InterruptedException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    if (async) {
      headers.put("Prefer", "respond-async");
    }
    byte[] body = event.json();
    if (event.naming() == Naming.CLOUD_EVENT) {
      CloudEvents.attributes(event).forEach((name, value) -> headers.put("ce-" + name, value));
    } else if (keyInHeader && event.naming() == Naming.DEDUPE_KEY) {
      ObjectNode json = (ObjectNode) Json.MAPPER.readTree(body);
      headers.put("Idempotency-Key", '"' + json.remove("dedupe_key").asString() + '"');
      body = Json.MAPPER.writeValueAsBytes(json);
    }
    return Answers.of(ingest.send("POST", "/events", headers, body));
  }
}
