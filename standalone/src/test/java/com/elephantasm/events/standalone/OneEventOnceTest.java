package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.standalone.Client.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OneEventOnceTest extends StandaloneTest {
  private final String spirit = CLIENT.newSpirit();

  @Test
  void of_forty_posts_at_once_with_one_dedupe_key_one_is_stored() {
    List<Answer> answers = atOnce(40, event("one"));
    assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
    String id = answers.stream().filter(answer -> answer.status() == 201).findFirst().orElseThrow().id();
    assertThat(answers).filteredOn(answer -> answer.status() == 409).hasSize(39).allSatisfy(duplicate -> {
      assertThat(duplicate.json().get("type").asString()).isEqualTo("urn:elephantasm:problem:duplicate-event");
      assertThat(duplicate.json().get("event_id").asString()).isEqualTo(id);
    });
    assertThat(rows(spirit)).isEqualTo(1);
  }

  private static List<Answer> atOnce(int requests, String event) {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<Answer>> sent = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < requests; i++) {
        sent.add(threads.submit(() -> {
          start.await();
          return CLIENT.post("/api/v1/events", event, "Prefer", "wait=30");
        }));
      }
      start.countDown();
      return sent.stream().map(StandaloneTest::get).toList();
    }
  }

  @Test
  void a_retry_that_does_not_wait_gets_the_id_that_the_event_has() {
    Answer first = CLIENT.post("/api/v1/events", event("again"), "Prefer", "respond-async");
    Answer second = CLIENT.post("/api/v1/events", event("again"), "Prefer", "respond-async");
    assertThat(List.of(first.status(), second.status())).containsOnly(202);
    assertThat(second.id()).isEqualTo(first.id());
    await().atMost(Duration.ofMinutes(1)).until(() -> CLIENT.get("/api/v1/events/" + first.id()).status() == 200);
    assertThat(CLIENT.post("/api/v1/events", event("again")).json().get("event_id").asString()).isEqualTo(first.id());
    assertThat(rows(spirit)).isEqualTo(1);
  }

  private String event(String key) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"tool.call\", \"content\": \"\", \"dedupe_key\": \"%s\"}"
        .formatted(spirit, key);
  }
}
