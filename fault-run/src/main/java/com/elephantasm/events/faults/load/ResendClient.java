package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.util.random.RandomGenerator;

/** Sends again what was acknowledged long ago, by any way, and other events under keys that are taken. */
final class ResendClient extends Client {
  private static final int ONE_CONFLICT_IN = 6;

  private final Gateway ingest;
  private final DirectWay topic;

  ResendClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    ingest = bench.ingest(random);
    topic = new DirectWay(bench.endpoints().bootstrapServers());
  }

  @Override
  int nextAttempts() {
    return 1;
  }

  @Override
  void step() throws InterruptedException {
    SentEvent old = bench.oldEvents().any(random);
    if (old == null) {
      return;
    }
    boolean conflicting = old.naming() == Naming.DEDUPE_KEY && random.nextInt(ONE_CONFLICT_IN) == 0;
    var _ = deliver(conflicting ? maker.conflictWith(old) : old, way());
  }

  private Way way() {
    return random.nextInt(3) == 0 ? topic : new HttpWay(ingest, random.nextBoolean(), random.nextBoolean());
  }

  @Override
  void end() {
    topic.close();
  }
}
