package com.elephantasm.events.writer.tail;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether tails are to end because the service does. */
final class Stop {
  private final CountDownLatch wanted = new CountDownLatch(1);

  void want() {
    wanted.countDown();
  }

  boolean isWanted() {
    return wanted.getCount() == 0;
  }

  /** Returns after that time, or as soon as it is wanted. */
  void await(Duration atMost) throws InterruptedException {
    boolean ignored = wanted.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
