package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that do not wait for what they write, and read it at once with the token that they got for it. */
final class FollowedWrites {
  private static final String EVENTS = "/api/v1/events";

  private final Client ingest;
  private final List<Client> writers;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param writers that are read from in turn
   */
  FollowedWrites(Client ingest, List<Client> writers) {
    this.ingest = ingest;
    this.writers = writers;
  }

  /** A client for each spirit, all at once. Fails where a read does not show its write. */
  void run(List<String> spirits, int writesOfEach) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      spirits.forEach(spirit -> clients.add(threads.submit(() -> {
        for (int i = 0; i < writesOfEach; i++) {
          String id = createAndList(spirit, i);
          if (i % 10 == 0) {
            changeAndRead(id);
          }
        }
      })));
      clients.forEach(StandaloneTest::get);
    }
  }

  private String createAndList(String spirit, int number) {
    Answer accepted = ingest.post(EVENTS, """
        {"agent_id": "%s", "event_type": "message.in", "content": "%d"}
        """.formatted(spirit, number), "Prefer", "respond-async");
    assertThat(accepted.status()).isEqualTo(202);
    Answer list = read(EVENTS + "?limit=1&agent_id=" + spirit, accepted);
    assertThat(list.status()).as(list.response().body()).isEqualTo(200);
    assertThat(list.json().get(0).get("id").asString()).isEqualTo(accepted.id());
    return accepted.id();
  }

  private void changeAndRead(String id) {
    String path = EVENTS + "/" + id;
    // Whoever takes the change need not be who has stored the event, but has it: that was read with its token before.
    Answer changed = next().send("PATCH", path, "{\"importance_score\": 0.5}", "Prefer", "respond-async");
    assertThat(changed.status()).isEqualTo(202);
    assertThat(read(path, changed).json().get("importance_score").asDouble()).isEqualTo(0.5);
    Answer deleted = next().send("DELETE", path, null, "Prefer", "respond-async");
    assertThat(deleted.status()).isEqualTo(202);
    assertThat(read(path, deleted).status()).isEqualTo(404);
  }

  private Answer read(String path, Answer after) {
    return next().send("GET", path, null, "Consistency-Token", String.valueOf(after.header("Consistency-Token")),
        "Prefer", "wait=30");
  }

  private Client next() {
    return writers.get(turn.getAndIncrement() % writers.size());
  }
}
