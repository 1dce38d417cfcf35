package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to the topic as an outbox relay does: in bursts, what failed once more, and now and then from a place that it had passed
 * long before.
 */
final class DirectClient extends Client {
  private static final Naming[] NAMINGS = Naming.values();
  private static final int ONE_OLD_IN = 12;

  private final DirectWay topic;
  private int size;

  DirectClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    topic = new DirectWay(bench.endpoints().bootstrapServers());
  }

  @Override
  int nextAttempts() {
    size = random.nextInt(1, 60);
    return size;
  }

  @Override
  void step() throws InterruptedException {
    List<SentEvent> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      @Nullable
      SentEvent old = random.nextInt(ONE_OLD_IN) == 0 ? bench.oldEvents().any(random) : null;
      events.add(
          old != null ? old : maker.event(bench.anySpirit(random), NAMINGS[random.nextInt(NAMINGS.length)]));
    }
    var _ = deliver(events, topic.name(), topic::send);
  }

  @Override
  void end() {
    topic.close();
  }
}
