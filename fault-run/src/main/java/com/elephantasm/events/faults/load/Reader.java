package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.schema.ConsistencyToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads from any of the writers what was written before, with the token of the write, and says where it is not there. */
final class Reader {
  /** What a read said. */
  private sealed interface Found {
    record Body(JsonNode json) implements Found {}

    record Nothing(String reason) implements Found {}

    /** Refused, cut, or not in time: that is no promise broken. */
    record NoAnswer() implements Found {}
  }

  private static final int TRIES = 4;
  private static final int LIST = 200;

  private final String client;
  private final Bench bench;
  private final RandomGenerator random;

  Reader(String client, Bench bench, RandomGenerator random) {
    this.client = client;
    this.bench = bench;
    this.random = random;
  }

  /** The event as it is after the write that the token stands for; null where no writer answers, or it is not there. */
  @Nullable
  JsonNode event(SentEvent event, UUID id, String token) throws InterruptedException {
    String path = "/events/%s?include_deleted=true".formatted(id);
    switch (get(path, token)) {
      case Found.Body(JsonNode json) -> {
        if (SentEvent.numberIn(json.path("content").asString("")) != event.number()) {
          bench.history().contradicted(client, Kind.READ_MISSED_WRITE,
              "GET %s is to show %s and shows %s".formatted(path, event.marker(), json));
        }
        saw(json);
        return json;
      }
      case Found.Nothing(String reason) -> {
        missed(event.marker(), path, token, reason);
        return null;
      }
      case Found.NoAnswer _ -> {
        return null;
      }
    }
  }

  /** The spirit, likewise. */
  @Nullable
  JsonNode spirit(SentSpirit spirit, String token) throws InterruptedException {
    String path = "/spirits/" + spirit.id();
    switch (get(path, token)) {
      case Found.Body(JsonNode json) -> {
        return json;
      }
      case Found.Nothing(String reason) -> {
        missed(spirit.marker(), path, token, reason);
        return null;
      }
      case Found.NoAnswer _ -> {
        return null;
      }
    }
  }

  /** Looks for events of one spirit, all of which the token covers, in its list. */
  void list(Iterable<SentEvent> expected, UUID agent, String token) throws InterruptedException {
    String path = "/events?agent_id=%s&limit=%d&include_deleted=true".formatted(agent, LIST);
    if (get(path, token) instanceof Found.Body(JsonNode list)) {
      list.forEach(this::saw);
      for (SentEvent event : expected) {
        if (isWithin(event, list) && !isIn(event, list)) {
          missed(event.marker(), path, token, "it lists %d others".formatted(list.size()));
        }
      }
    }
  }

  /** The list may end before the event comes: then nothing can be said. */
  private static boolean isWithin(SentEvent event, JsonNode list) {
    if (list.size() < LIST) {
      return true;
    }
    String sent = Json.MAPPER.readTree(event.json()).path("occurred_at").asString("");
    Instant oldest = Instant.parse(list.get(list.size() - 1).path("occurred_at").asString());
    return !sent.isEmpty() && Instant.parse(sent).isAfter(oldest);
  }

  private static boolean isIn(SentEvent event, JsonNode list) {
    return list.valueStream()
        .anyMatch(item -> SentEvent.numberIn(item.path("content").asString("")) == event.number());
  }

  /** What a reader saw is there for ever, under the id that it had. */
  private void saw(JsonNode json) {
    SentEvent event = bench.history().event(SentEvent.numberIn(json.path("content").asString("")));
    if (event == null) {
      bench.history().contradicted(client, Kind.NOBODY_SENT, "a read shows " + json);
    } else {
      event.seen();
      bench.history().named(client, event, UUID.fromString(json.path("id").asString()));
    }
  }

  private void missed(String marker, String path, String token, String reason) {
    bench.history().contradicted(client, Kind.READ_MISSED_WRITE,
        "%s is not in GET %s with %s %s: %s".formatted(marker, path, token,
            ConsistencyToken.decode(token, Answers.TOPIC), reason));
  }

  private Found get(String path, String token) throws InterruptedException {
    Gateway writers = bench.writers(random);
    for (int i = 0; i < TRIES && !bench.stopping().isOver(); i++) {
      Reply reply = writers.send("GET", path, Map.of(ConsistencyToken.HEADER, token), new byte[0]);
      if (reply instanceof Reply.Response response && response.status() == 200) {
        bench.history().read(client, path);
        return new Found.Body(response.json());
      }
      if (reply instanceof Reply.Response response && response.status() < 500 && response.status() != 429) {
        bench.history().read(client, path);
        return new Found.Nothing(response.toString());
      }
      pause(reply);
    }
    return new Found.NoAnswer();
  }

  private void pause(Reply reply) throws InterruptedException {
    Duration asked = reply instanceof Reply.Response response ? response.retryAfter() : Duration.ZERO;
    TimeUnit.MILLISECONDS.sleep(Math.min(asked.toMillis(), 1000) + random.nextInt(200));
  }
}
