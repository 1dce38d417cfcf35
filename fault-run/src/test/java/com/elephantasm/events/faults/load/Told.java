package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes histories by hand: what clients sent and what they were told. */
public final class Told {
  private static final String CLIENT = "client";

  private Told() {}

  /** An event with a key, if its naming is that; nothing is said yet about its answers. */
  public static SentEvent event(History history, UUID agent, Naming naming, Expectation expectation) {
    return history.add(number -> {
      String marker = SentEvent.marker(number);
      ObjectNode json = Json.MAPPER.createObjectNode().put("agent_id", agent.toString()).put("event_type", "system")
          .put("content", marker + " remember").put("role", "user");
      if (naming == Naming.DEDUPE_KEY) {
        json.put("dedupe_key", "key of " + marker);
      }
      return new SentEvent(number, agent, naming, expectation, Json.MAPPER.writeValueAsBytes(json));
    });
  }

  /** Another event with the key of that one. */
  public static SentEvent conflict(History history, SentEvent original) {
    return history.add(number -> {
      ObjectNode json = (ObjectNode) Json.MAPPER.readTree(original.json());
      json.put("content", SentEvent.marker(number) + " otherwise");
      return new SentEvent(number, original.agent(), Naming.DEDUPE_KEY, Expectation.CONFLICT,
          Json.MAPPER.writeValueAsBytes(json));
    });
  }

  public static void acknowledged(History history, SentEvent event, @Nullable UUID id, LogPosition at) {
    history.answered(CLIENT, "POST", event, 1, new Answer.Acknowledged(Answer.Promise.STORED, id, at, null),
        Duration.ZERO);
  }

  /** By an answer that tells neither id nor position. */
  public static void acknowledged(History history, SentEvent event) {
    history.answered(CLIENT, "POST", event, 1, new Answer.Acknowledged(Answer.Promise.ACCEPTED, null, null, null),
        Duration.ZERO);
  }

  public static void refused(History history, SentEvent event) {
    history.answered(CLIENT, "POST", event, 1, refusal(), Duration.ZERO);
  }

  public static void ambiguous(History history, SentEvent event) {
    history.answered(CLIENT, "POST", event, 1, doubt(), Duration.ZERO);
  }

  public static void seen(SentEvent event) {
    event.seen();
  }

  public static void changed(History history, SentEvent event, SentChange.Kind kind, String mark, Answer answer) {
    history.answered(CLIENT, event, new SentChange(mark, kind, answer), Duration.ZERO, "");
  }

  public static SentSpirit spirit(History history, UUID id, Answer answer) {
    SentSpirit spirit = history.addSpirit(id);
    history.answered(CLIENT, spirit, new SentChange(spirit.marker() + ".0.1", SentChange.Kind.PUT, answer),
        Duration.ZERO, "");
    return spirit;
  }

  public static Answer at(LogPosition position) {
    return new Answer.Acknowledged(Answer.Promise.STORED, null, position, null);
  }

  public static Answer refusal() {
    return new Answer.Refused("overloaded", false, Duration.ZERO);
  }

  public static Answer doubt() {
    return new Answer.Ambiguous("cut", Duration.ZERO);
  }
}
