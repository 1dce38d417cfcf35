package com.elephantasm.events.writer.tail;

import com.elephantasm.events.writer.query.EventFilter;
import com.elephantasm.events.writer.tail.Delivery.End;
import com.elephantasm.events.writer.tail.Delivery.Joined;
import com.elephantasm.events.writer.tail.Delivery.Stored;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one client, between the hub, which never waits, and the thread that writes. Where it is full it is emptied
 * and closed: the store has all of it.
 */
final class TailBuffer {
  private final EventFilter filter;
  private final int maxEvents;
  private final long maxSize;
  private final BufferedBytes bytes;
  private final Deque<Delivery> waiting = new ArrayDeque<>(0);
  private long size;
  private @Nullable End end;

  TailBuffer(EventFilter filter, TailSettings settings, BufferedBytes bytes) {
    this.filter = filter;
    this.maxEvents = settings.buffer();
    this.maxSize = settings.bufferSize().toBytes();
    this.bytes = bytes;
  }

  EventFilter filter() {
    return filter;
  }

  synchronized void join(Frontier at) {
    if (end == null) {
      waiting.add(new Joined(at));
      notifyAll();
    }
  }

  synchronized void offer(Stored event) {
    if (end != null) {
      return;
    }
    boolean hasRoom = waiting.isEmpty() || waiting.size() < maxEvents && size + event.line().size() <= maxSize;
    if (!hasRoom || bytes.isFull()) {
      close(End.BEHIND);
      return;
    }
    event.line().hold();
    waiting.add(event);
    size += event.line().size();
    notifyAll();
  }

  /** The first reason stays. */
  synchronized void close(End reason) {
    if (end == null) {
      end = reason;
      for (Delivery delivery : waiting) {
        if (delivery instanceof Stored stored) {
          stored.line().release();
        }
      }
      waiting.clear();
      notifyAll();
    }
  }

  /** What is next, once there is something; null where there is nothing for that time. */
  synchronized @Nullable Delivery take(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (waiting.isEmpty() && end == null) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0) {
        return null;
      }
      wait(left);
    }
    Delivery next = waiting.poll();
    if (next instanceof Stored stored) {
      size -= stored.line().size();
    }
    return next == null ? end : next;
  }
}
