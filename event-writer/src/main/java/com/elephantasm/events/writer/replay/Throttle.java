package com.elephantasm.events.writer.replay;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Spreads records over time; the rate can be changed meanwhile. Safe for threads. */
final class Throttle {
  private static final Duration STEP = Duration.ofMillis(50);
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private @Nullable Long perSecond;
  /** When what was taken is paid for. */
  private long due = System.nanoTime();

  synchronized void limit(@Nullable Long recordsPerSecond) {
    perSecond = recordsPerSecond;
  }

  /** As many records as may be taken at once: those of a second at most. */
  synchronized int atOnce(int most) {
    return perSecond == null ? most : Math.clamp(perSecond, 1, most);
  }

  /**
   * Waits until so many more records may be read.
   *
   * @param checkpoint asked meanwhile; what it throws ends the wait
   */
  void take(long records, Runnable checkpoint) throws InterruptedException {
    long mine;
    synchronized (this) {
      due = Math.max(due, System.nanoTime());
      mine = due;
      due += perSecond == null ? 0 : records * NANOS_PER_SECOND / perSecond;
    }
    while (mine - System.nanoTime() > 0 && isLimited()) {
      checkpoint.run();
      TimeUnit.NANOSECONDS.sleep(Math.min(STEP.toNanos(), Math.max(1, mine - System.nanoTime())));
    }
  }

  private synchronized boolean isLimited() {
    if (perSecond == null) {
      due = System.nanoTime();
    }
    return perSecond != null;
  }
}
