package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** Changes spirits of its own, and creates others only after their first events were sent. */
final class SpiritClient extends Client {
  private static final int OWNED = 3;
  private static final int ONE_LATE_IN = 3;
  private static final int MOST_EARLY = 8;

  /** A spirit that this client changes, and what its description may be. */
  private record Owned(SentSpirit spirit, Register<String> description, int[] changes) {}

  private final SpiritSender sender;
  private final Reader reader;
  private final Gateway ingest;
  private final DirectWay topic;
  private final List<Owned> owned = new ArrayList<>();

  SpiritClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    sender = new SpiritSender(name, bench, random);
    reader = new Reader(name, bench, random);
    ingest = bench.ingest(random);
    topic = new DirectWay(bench.endpoints().bootstrapServers());
  }

  @Override
  int nextAttempts() {
    return 3;
  }

  @Override
  void step() throws InterruptedException {
    if (owned.size() < OWNED || random.nextInt(ONE_LATE_IN) == 0) {
      createLate();
    } else {
      amend(owned.get(random.nextInt(owned.size())));
    }
  }

  /** Its events wait in the log; when it comes they are all there, before anything later. */
  private void createLate() throws InterruptedException {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    List<SentEvent> early = new ArrayList<>();
    for (int i = random.nextInt(1, MOST_EARLY); i > 0; i--) {
      // Without waiting for the store: who waits is told that there is no such spirit, and then it must not come later.
      Way way = random.nextBoolean() ? topic : new HttpWay(ingest, true, random.nextBoolean());
      SentEvent event = maker.event(id, Naming.values()[random.nextInt(Naming.values().length)]);
      if (deliver(event, way) instanceof Answer.Acknowledged) {
        early.add(event);
      }
    }
    TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
    SentSpirit spirit = bench.history().addSpirit(id);
    Register<String> description = new Register<>(null);
    if (sender.put(spirit, description) instanceof Answer.Acknowledged acknowledged) {
      if (acknowledged.token() != null) {
        reader.list(early, id, acknowledged.token());
      }
      if (owned.size() < OWNED) {
        owned.add(new Owned(spirit, description, new int[]{0}));
      }
    }
  }

  private void amend(Owned one) throws InterruptedException {
    Answer answer = sender.amend(one.spirit, ++one.changes[0], one.description);
    if (answer instanceof Answer.Refused(String reason, boolean forGood, var _) && forGood) {
      bench.history().contradicted(name, Anomaly.Kind.WRONG_ANSWER,
          "change %d of %s was refused for good: %s".formatted(one.changes[0], one.spirit.marker(), reason));
    }
    if (answer instanceof Answer.Acknowledged acknowledged && acknowledged.token() != null) {
      read(one, acknowledged.token());
    }
  }

  private void read(Owned one, String token) throws InterruptedException {
    JsonNode read = reader.spirit(one.spirit, token);
    String shown = read == null ? null : read.path("description").stringValue(null);
    if (read != null && !one.description.mayBe(shown)) {
      bench.history().contradicted(name, Anomaly.Kind.READ_MISSED_WRITE,
          "%s, read with %s, is described as %s, must be %s".formatted(one.spirit.marker(), token, shown,
              one.description));
    }
  }

  @Override
  void end() {
    topic.close();
  }
}
