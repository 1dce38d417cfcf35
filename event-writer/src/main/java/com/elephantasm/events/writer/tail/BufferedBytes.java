package com.elephantasm.events.writer.tail;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what waits for clients in this process. An event that waits for many of them is in memory, and counted, once. */
final class BufferedBytes {
  /** What an event takes beside its JSON. */
  private static final int OVERHEAD = 200;

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  BufferedBytes(long limit) {
    this.limit = limit;
  }

  boolean isFull() {
    return held.get() >= limit;
  }

  long held() {
    return held.get();
  }

  Line line(byte[] json) {
    return new Line(json);
  }

  /** An event as JSON in one line. Who keeps it says so, and says so when it is done with it. */
  final class Line {
    private final byte[] json;
    private int holders;

    private Line(byte[] json) {
      this.json = json;
    }

    byte[] json() {
      return json;
    }

    int size() {
      return json.length + OVERHEAD;
    }

    synchronized void hold() {
      if (holders++ == 0) {
        held.addAndGet(size());
      }
    }

    synchronized void release() {
      if (--holders == 0) {
        held.addAndGet(-size());
      }
    }
  }
}
