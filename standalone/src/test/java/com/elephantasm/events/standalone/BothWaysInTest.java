package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import com.elephantasm.events.standalone.Trajectories.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** Over HTTP or straight onto the topic: the same event is the same event. */
class BothWaysInTest extends StandaloneTest {
  private static final int SESSIONS = 12;
  private static final int TURNS = 8;
  private static final int EVENTS = SESSIONS * TURNS * 4;

  private final String spirit = CLIENT.newSpirit();
  private final List<Session> sessions = Trajectories.of(spirit, SESSIONS, TURNS);

  @Test
  void events_sent_both_ways_twice_are_stored_once_and_in_order() {
    assertThat(postAll()).hasSize(EVENTS).containsOnly(201);
    publishAll();
    assertThat(postAll()).hasSize(EVENTS).containsOnly(409);
    publishAll();
    assertThat(rows(spirit)).isEqualTo(EVENTS);
    for (Session session : sessions) {
      assertThat(stored(session)).isEqualTo(
          session.events().stream().map(sent -> Client.JSON.readTree(sent).get("content").asString()).toList());
    }
  }

  /** Each session in its order, all sessions at once. */
  private List<Integer> postAll() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Integer>>> posted = new ArrayList<>();
      for (Session session : sessions) {
        posted.add(threads.submit(() -> session.events().stream()
            .map(event -> CLIENT.post("/api/v1/events", event, "Prefer", "wait=30")).map(Answer::status).toList()));
      }
      return posted.stream().flatMap(statuses -> get(statuses).stream()).toList();
    }
  }

  private void publishAll() {
    List<Future<RecordMetadata>> published = new ArrayList<>();
    sessions.forEach(session -> session.events().forEach(event -> published.add(publish(spirit, event))));
    awaitApplied(published.getLast());
  }

  private List<String> stored(Session session) {
    return CLIENT.get("/api/v1/events?agent_id=%s&session_id=%s".formatted(spirit, session.id())).json().valueStream()
        .map(event -> event.get("content").asString()).toList();
  }
}
