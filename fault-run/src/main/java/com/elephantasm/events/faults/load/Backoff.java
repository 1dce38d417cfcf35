package com.elephantasm.events.faults.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The pauses between the tries of one thing: longer each time, by chance, and as long as the server asks. */
final class Backoff {
  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(4);

  private final Stopping stopping;
  private final RandomGenerator random;
  private final long deadline;
  private long next = FIRST;

  Backoff(Stopping stopping, RandomGenerator random, Duration patience) {
    this.stopping = stopping;
    this.random = random;
    deadline = System.nanoTime() + patience.toNanos();
  }

  /**
   * Waits before the next try; also while the load stops, so that what was begun is settled.
   *
   * @return false where it is time to give up
   */
  boolean pause(Duration asked) throws InterruptedException {
    if (stopping.isOver() || System.nanoTime() - deadline >= 0) {
      return false;
    }
    TimeUnit.NANOSECONDS.sleep(Math.max(asked.toNanos(), random.nextLong(next / 2, next)));
    next = Math.min(2 * next, LONGEST);
    return true;
  }
}
