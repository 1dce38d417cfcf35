package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.util.random.RandomGenerator;

/** Sends events one by one, waits for the store or does not, and reads some of them. */
final class SingleClient extends Client {
  private static final Naming[] NAMINGS = Naming.values();

  private final Gateway ingest;
  private final Verdicts verdicts;

  SingleClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    ingest = bench.ingest(random);
    verdicts = new Verdicts(name, bench.history());
  }

  @Override
  int nextAttempts() {
    return 1;
  }

  @Override
  void step() throws InterruptedException {
    Naming naming = NAMINGS[random.nextInt(NAMINGS.length)];
    SentEvent event = maker.event(bench.anySpirit(random), naming);
    Way way = new HttpWay(ingest, random.nextBoolean(), random.nextBoolean());
    verdicts.expectTaken(event, deliver(event, way));
  }
}
