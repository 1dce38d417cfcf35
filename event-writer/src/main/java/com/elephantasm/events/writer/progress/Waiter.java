package com.elephantasm.events.writer.progress;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A thread that waits for something to become true. It neither looks nor asks by itself: others tell it to. */
final class Waiter {
  private final BooleanSupplier condition;
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch looked = new CountDownLatch(1);
  private volatile boolean met;
  private volatile boolean readable;

  /**
   * @param condition once true, it stays so; asked by one thread at a time
   */
  Waiter(BooleanSupplier condition) {
    this.condition = condition;
  }

  synchronized void check() {
    if (condition.getAsBoolean()) {
      met = true;
      end();
    }
  }

  /** The store was looked at, after this began to wait. */
  void looked(boolean succeeded) {
    readable = succeeded;
    looked.countDown();
  }

  /** Ends the wait as it stands. */
  void end() {
    over.countDown();
    looked.countDown();
  }

  /**
   * Blocks.
   *
   * @param forOneLook where that is longer, how long it waits for the store to be looked at once
   * @return whether the condition is met
   */
  boolean await(Duration wait, Duration forOneLook) {
    try {
      if (!over.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        var _ = looked.await(forOneLook.minus(wait).toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return met;
  }

  /** Whether the last look at the store succeeded; false where there was none. */
  boolean isReadable() {
    return readable;
  }
}
