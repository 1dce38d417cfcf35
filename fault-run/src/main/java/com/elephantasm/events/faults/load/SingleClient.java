package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Sends events one by one, waits for the store or does not, and reads some of them. A few are wrong on purpose. */
final class SingleClient extends Client {
  private static final Naming[] NAMINGS = Naming.values();
  private static final int ONE_WRONG_IN = 50;
  private static final int ONE_READ_IN = 3;

  private final Gateway ingest;

  SingleClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    ingest = bench.ingest(random);
  }

  @Override
  int nextAttempts() {
    return 1;
  }

  @Override
  void step() throws InterruptedException {
    if (random.nextInt(ONE_WRONG_IN) == 0) {
      sendWrong();
      return;
    }
    SentEvent event = maker.event(bench.anySpirit(random), NAMINGS[random.nextInt(NAMINGS.length)]);
    Answer answer = deliver(event, new HttpWay(ingest, random.nextBoolean(), random.nextBoolean()));
    if (answer instanceof Answer.Acknowledged(Answer.Promise _, UUID id, LogPosition _, String token) && id != null
        && token != null && random.nextInt(ONE_READ_IN) == 0) {
      bench.readers().read(name, bench, random, event, id, token);
    }
  }

  private void sendWrong() throws InterruptedException {
    boolean invalid = random.nextBoolean();
    SentEvent event = invalid
        ? maker.event(bench.anySpirit(random), Naming.DEDUPE_KEY, Expectation.INVALID)
        : maker.event(new UUID(random.nextLong(), random.nextLong()), Naming.DEDUPE_KEY, Expectation.UNKNOWN_SPIRIT);
    var _ = deliver(event, new HttpWay(ingest, false, false));
  }
}
