package com.elephantasm.events.faults.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether the load is to end: first nothing new is begun, then what is under way is given up. */
final class Stopping {
  private final CountDownLatch requested = new CountDownLatch(1);
  private volatile long deadline = Long.MAX_VALUE;

  /** Ends the load; what is under way has this long. */
  void request(Duration settling) {
    deadline = System.nanoTime() + settling.toNanos();
    requested.countDown();
  }

  boolean isRequested() {
    return requested.getCount() == 0;
  }

  /** Whether what is under way has to be given up. */
  boolean isOver() {
    return isRequested() && System.nanoTime() - deadline >= 0;
  }

  /** Waits before something new is begun; false where the load is to end. */
  boolean idle(long nanos) throws InterruptedException {
    return !requested.await(nanos, TimeUnit.NANOSECONDS);
  }
}
