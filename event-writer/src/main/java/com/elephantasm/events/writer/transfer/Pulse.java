package com.elephantasm.events.writer.transfer;

import java.time.Duration;

/** Lets something happen now and then. */
final class Pulse {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private long last = System.nanoTime() - INTERVAL.toNanos();

  boolean isDue() {
    long now = System.nanoTime();
    boolean due = now - last >= INTERVAL.toNanos();
    if (due) {
      last = now;
    }
    return due;
  }
}
