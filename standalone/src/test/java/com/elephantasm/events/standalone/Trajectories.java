package com.elephantasm.events.standalone;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sessions of an agent as a service desk has them: questions, calls of tools and what they gave, answers. */
final class Trajectories {
  private static final Instant BEGIN = Instant.parse("2024-05-15T15:00:00Z");
  private static final List<List<String>> TURN = List.of(List.of("message.in", "user", "Can I change flight %d? 🛫"),
      List.of("tool.call", "assistant", "{\"reservation_id\": \"R%d\", \"cabin\": \"economy\"}"),
      List.of("tool.result", "tool", "{\"status\": \"available\",\n\"price\": %d.50}"),
      List.of("message.out", "assistant", "You can, “%d” is open.\nShall I book it?"));

  /** One session's events as JSON, oldest first. */
  record Session(String id, List<String> events) {}

  private Trajectories() {}

  static List<Session> of(String spirit, int sessions, int turns) {
    List<Session> all = new ArrayList<>();
    for (int s = 0; s < sessions; s++) {
      String session = "desk/task-" + s;
      List<String> events = new ArrayList<>();
      for (int i = 0; i < turns * TURN.size(); i++) {
        events.add(event(spirit, session, i, BEGIN.plusSeconds(s * 3600L).plusNanos(i * 1_000_137_000L)));
      }
      all.add(new Session(session, List.copyOf(events)));
    }
    return all;
  }

  private static String event(String spirit, String session, int index, Instant occurredAt) {
    List<String> step = TURN.get(index % TURN.size());
    return Client.JSON.writeValueAsString(Map.of("agent_id", spirit, "session_id", session, "source_uri",
        "desk://" + session + "/" + index, "event_type", step.get(0), "role", step.get(1), "content",
        step.get(2).formatted(index), "occurred_at", occurredAt.toString(), "metadata", Map.of("index", index)));
  }
}
