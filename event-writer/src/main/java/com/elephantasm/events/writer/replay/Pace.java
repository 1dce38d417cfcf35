package com.elephantasm.events.writer.replay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How fast records were read of late. */
final class Pace {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private record Look(long at, long read) {}

  private final Deque<Look> looks = new ArrayDeque<>();

  void look(long read) {
    long now = System.nanoTime();
    looks.add(new Look(now, read));
    while (looks.size() > 2 && now - looks.getFirst().at() > WINDOW.toNanos()) {
      looks.removeFirst();
    }
  }

  /** Records a second; null before there is a second look. */
  @Nullable
  Double rate() {
    long nanos = looks.getLast().at() - looks.getFirst().at();
    long read = looks.getLast().read() - looks.getFirst().read();
    return nanos <= 0 ? null : Math.max(0, read * (double) TimeUnit.SECONDS.toNanos(1) / nanos);
  }
}
