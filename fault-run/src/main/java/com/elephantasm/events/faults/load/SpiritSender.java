package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentChange.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Creates spirits and changes them; each try says in the description which one it is. */
final class SpiritSender {
  private final String client;
  private final Bench bench;
  private final RandomGenerator random;
  private final Gateway ingest;

  SpiritSender(String client, Bench bench, RandomGenerator random) {
    this.client = client;
    this.bench = bench;
    this.random = random;
    ingest = bench.ingest(random);
  }

  /** Puts a spirit until it is there, or the patience is at its end. */
  Answer put(SentSpirit spirit, Register<String> description) throws InterruptedException {
    return send("PUT", spirit, Kind.PUT, 0, description);
  }

  /** @param number of the change; its client makes one after the other */
  Answer amend(SentSpirit spirit, int number, Register<String> description) throws InterruptedException {
    return send("PATCH", spirit, Kind.AMEND, number, description);
  }

  private Answer send(String method, SentSpirit spirit, Kind kind, int number, Register<String> description)
      throws InterruptedException {
    Backoff backoff = bench.backoff(random);
    for (int attempt = 1;; attempt++) {
      String mark = "%s.%d.%d".formatted(spirit.marker(), number, attempt);
      byte[] body = body(kind, mark);
      Map<String, String> headers = random.nextBoolean()
          ? Map.of("Content-Type", "application/json")
          : Map.of("Content-Type", "application/json", "Prefer", "respond-async");
      long start = System.nanoTime();
      Answer answer = Answers.of(ingest.send(method, "/spirits/" + spirit.id(), headers, body));
      description.written(mark, answer);
      bench.history().answered(client, spirit, new SentChange(mark, kind, answer),
          Duration.ofNanos(System.nanoTime() - start),
          spirit.id() + " " + new String(body, StandardCharsets.UTF_8));
      if (!Client.isWorthAnotherTry(answer, backoff)) {
        return answer;
      }
    }
  }

  private byte[] body(Kind kind, String mark) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("description", mark);
    if (kind == Kind.PUT || random.nextBoolean()) {
      json.put("name", "Ada " + random.nextInt(1000));
    }
    if (random.nextInt(3) == 0) {
      json.putObject("metadata").put("mood", random.nextDouble());
    }
    return Json.MAPPER.writeValueAsBytes(json);
  }
}
