package com.elephantasm.events.writer.tail;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the tails when this process has stored something, so that they need not wait until they look by themselves. */
public final class StoreSignal {
  private final Semaphore moved = new Semaphore(0);

  StoreSignal() {}

  /** To be called after the commit. Costs nothing where nobody waits. */
  public void stored() {
    if (moved.availablePermits() == 0) {
      moved.release();
    }
  }

  /** Returns when something was stored since the last time, or the time is up. */
  void await(Duration atMost) throws InterruptedException {
    if (moved.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      moved.drainPermits();
    }
  }
}
