package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes events of many kinds; each begins its content with its marker. */
final class EventMaker {
  private static final String[] TYPES = {"message.in", "message.out", "tool.call", "tool.result", "system", "thought"};
  private static final String[] WORDS = {"remember", "elephant", "água", "深い", "🐘", "\"quoted\"", "back\\slash",
      "line\nbreak",
      "tab\there", "</script>", "naïve", "Zürich", "0", "null", "é\u0301", "𝄞"};
  private static final Instant PAST = Instant.parse("2024-02-29T23:59:59.123456Z");

  private final History history;
  private final RandomGenerator random;

  EventMaker(History history, RandomGenerator random) {
    this.history = history;
    this.random = random;
  }

  SentEvent event(UUID agent, Naming naming) {
    return event(agent, naming, Expectation.STORED);
  }

  SentEvent event(UUID agent, Naming naming, Expectation expectation) {
    return history.add(number -> {
      ObjectNode json = fields(number, agent, naming, expectation);
      return new SentEvent(number, agent, naming, expectation, Json.MAPPER.writeValueAsBytes(json));
    });
  }

  /** Another event under the key of one that is there: with another content, or another session. */
  SentEvent conflictWith(SentEvent original) {
    JsonNode key = Json.MAPPER.readTree(original.json()).path("dedupe_key");
    return history.add(number -> {
      ObjectNode json = fields(number, original.agent(), Naming.NOTHING, Expectation.CONFLICT);
      json.set("dedupe_key", key);
      return new SentEvent(number, original.agent(), Naming.DEDUPE_KEY, Expectation.CONFLICT,
          Json.MAPPER.writeValueAsBytes(json));
    });
  }

  private ObjectNode fields(long number, UUID agent, Naming naming, Expectation expectation) {
    String marker = SentEvent.marker(number);
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("agent_id", agent.toString());
    json.put("event_type", expectation == Expectation.INVALID ? " " : TYPES[random.nextInt(TYPES.length)]);
    json.put("content", marker + " " + words());
    if (random.nextInt(3) == 0) {
      json.put("meta_summary", "about " + marker);
    }
    if (random.nextInt(2) == 0) {
      json.put("role", random.nextBoolean() ? "user" : "assistant").put("author", "author " + random.nextInt(5));
    }
    if (random.nextInt(2) == 0) {
      json.put("session_id", random.nextInt(4) == 0 ? "session " + random.nextInt(9) : marker);
    }
    if (random.nextInt(2) == 0) {
      ObjectNode metadata = json.putObject("metadata");
      metadata.put("z", random.nextInt()).put("a", random.nextDouble()).put("text", WORDS[random.nextInt(WORDS.length)])
          .putNull("nothing");
      metadata.putArray("list").add(true).add(1L << 60);
    }
    if (random.nextInt(4) == 0) {
      json.put("importance_score", random.nextInt(101) / 100.0);
    }
    name(json, marker, naming);
    return json;
  }

  private void name(ObjectNode json, String marker, Naming naming) {
    // A generated key is made of the time too, so it must be the sender's; a CloudEvent has its own.
    if (naming == Naming.SOURCE_URI || naming != Naming.CLOUD_EVENT && random.nextInt(3) == 0) {
      json.put("occurred_at", PAST.plusMillis(random.nextLong(50_000_000_000L)).toString());
    }
    switch (naming) {
      case DEDUPE_KEY -> json.put("dedupe_key", "key of " + marker);
      case SOURCE_URI -> json.put("source_uri", "urn:source:" + random.nextInt(10));
      case CLOUD_EVENT, NOTHING -> {
      }
    }
  }

  private String words() {
    // Most are short; some are longer than a page of the database.
    int count = random.nextInt(100) == 0 ? 1500 : random.nextInt(1, 12);
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return words.append('.').toString();
  }
}
