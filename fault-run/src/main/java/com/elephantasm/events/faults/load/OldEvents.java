package com.elephantasm.events.faults.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Acknowledged events that somebody sends once more, long after: an outbox that was restored, a job that was run again. */
final class OldEvents {
  private record Acknowledged(SentEvent event, long at) {}

  private static final int TRIES = 5;

  private final long age;
  private final List<Acknowledged> events = new ArrayList<>();

  OldEvents(Duration age) {
    this.age = age.toNanos();
  }

  synchronized void add(SentEvent event) {
    if (event.naming() != SentEvent.Naming.NOTHING && event.expectation() == SentEvent.Expectation.STORED) {
      events.add(new Acknowledged(event, System.nanoTime()));
    }
  }

  /** One that is old enough; null where chance finds none. */
  synchronized @Nullable SentEvent any(RandomGenerator random) {
    for (int i = 0; i < TRIES && !events.isEmpty(); i++) {
      Acknowledged one = events.get(random.nextInt(events.size()));
      if (System.nanoTime() - one.at >= age) {
        return one.event;
      }
    }
    return null;
  }
}
