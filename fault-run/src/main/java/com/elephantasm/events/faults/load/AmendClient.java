package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import com.elephantasm.events.schema.ConsistencyToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Owns some events at a time, amends, deletes and restores them, one change after the other, and reads what it did from any of the
 * writers.
 */
final class AmendClient extends Client {
  private static final int OWNED = 8;
  private static final int ONE_NEW_IN = 10;
  private static final int ONE_DELETION_IN = 8;

  private final Gateway ingest;
  private final Gateway writers;
  private final Reader reader;
  private final List<OwnedEvent> owned = new ArrayList<>();

  AmendClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    ingest = bench.ingest(random);
    writers = bench.writers(random);
    reader = new Reader(name, bench, random);
  }

  @Override
  int nextAttempts() {
    return 1;
  }

  @Override
  void step() throws InterruptedException {
    if (owned.size() < OWNED || random.nextInt(ONE_NEW_IN) == 0) {
      own();
    } else {
      OwnedEvent event = owned.get(random.nextInt(owned.size()));
      change(event);
      if (random.nextBoolean()) {
        read(event);
      }
    }
  }

  /** A new event in the place of an old one, which is left as it is. */
  private void own() throws InterruptedException {
    SentEvent event = maker.event(bench.anySpirit(random), Naming.DEDUPE_KEY);
    Answer answer = deliver(event, new HttpWay(ingest, random.nextBoolean(), true));
    if (answer instanceof Answer.Acknowledged(Answer.Promise _, UUID id, LogPosition _, String token) && id != null
        && token != null) {
      if (owned.size() >= OWNED) {
        owned.remove(random.nextInt(owned.size()));
      }
      owned.add(new OwnedEvent(event, id, token));
    }
  }

  private void change(OwnedEvent event) throws InterruptedException {
    int number = event.nextChange();
    SentChange.Kind kind = event.mayBeDeleted()
        ? SentChange.Kind.RESTORE
        : random.nextInt(ONE_DELETION_IN) == 0 ? SentChange.Kind.DELETE : SentChange.Kind.AMEND;
    Backoff backoff = bench.backoff(random);
    Answer answer;
    int attempt = 0;
    do {
      attempt++;
      String mark = "%s.%d.%d".formatted(event.event().marker(), number, attempt);
      EventChange change = kind == SentChange.Kind.DELETE
          ? EventChange.deletion(mark)
          : EventChange.amendment(kind, mark, random);
      answer = send(event, change);
    } while (isWorthAnotherTry(answer, backoff));
    if (answer instanceof Answer.Refused(String reason, boolean forGood, var _) && forGood) {
      bench.history().contradicted(name, Kind.WRONG_ANSWER,
          "change %d of %s was refused for good: %s".formatted(number, event.event().marker(), reason));
    }
  }

  private Answer send(OwnedEvent event, EventChange change) throws InterruptedException {
    Map<String, String> headers = new HashMap<>();
    headers.put(ConsistencyToken.HEADER, event.token());
    if (random.nextInt(3) == 0) {
      headers.put("Prefer", "respond-async");
    }
    boolean deletion = change.kind() == SentChange.Kind.DELETE;
    if (!deletion) {
      headers.put("Content-Type", "application/json");
    }
    long start = System.nanoTime();
    Reply reply = writers.send(deletion ? "DELETE" : "PATCH", "/events/" + event.id(), headers, change.body());
    Answer answer = Answers.of(reply);
    bench.history().answered(name, event.event(), new SentChange(change.mark(), change.kind(), answer),
        Duration.ofNanos(System.nanoTime() - start), new String(change.body(), StandardCharsets.UTF_8));
    event.written(change, answer);
    if (reply instanceof Reply.Response response && response.status() == 200) {
      compare(event, response.json());
    }
    return answer;
  }

  private void read(OwnedEvent event) throws InterruptedException {
    JsonNode read = reader.event(event.event(), event.id(), event.token());
    if (read != null) {
      compare(event, read);
    }
  }

  private void compare(OwnedEvent event, JsonNode shown) {
    String contradiction = event.contradiction(shown);
    if (contradiction != null) {
      bench.history().contradicted(name, Kind.READ_MISSED_WRITE,
          "%s, read with %s, shows an older state: %s".formatted(event.event().marker(), event.token(), contradiction));
    }
  }
}
