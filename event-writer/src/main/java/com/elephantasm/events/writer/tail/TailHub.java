package com.elephantasm.events.writer.tail;

import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.progress.StoreProgress;
import com.elephantasm.events.writer.tail.Delivery.End;
import com.elephantasm.events.writer.tail.Delivery.Stored;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is new for all tails of this process at once, whichever process has stored it, and offers it to their buffers. It
 * never waits for one of them, and does nothing where there are none.
 *
 * <p>A tail is let in between two steps, and told the position from which on it gets everything. Up to there it reads by
 * itself.
 */
final class TailHub {
  private static final Logger LOG = LoggerFactory.getLogger(TailHub.class);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /** Not everything that comes into the store moves its position in the log. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Positions of a partition in one step, so that a long way does not make one long transaction. */
  private static final int STEP = 2000;

  private final NewEvents events;
  private final StoreProgress progress;
  private final BufferedBytes bytes;

  private final Set<TailBuffer> joining = new HashSet<>();
  private final Map<SpiritId, Set<TailBuffer>> joined = new HashMap<>();
  private boolean running;
  private @Nullable Thread thread;

  /** Set by the hub's thread alone. */
  private volatile TailCursor position = TailCursor.START;

  TailHub(NewEvents events, StoreProgress progress, BufferedBytes bytes) {
    this.events = events;
    this.progress = progress;
    this.bytes = bytes;
  }

  synchronized void start() {
    running = true;
    thread = Thread.ofVirtual().name("tail-hub").start(this::run);
  }

  /** Ends all tails that have joined, and every one that still will. */
  void stop() throws InterruptedException {
    Thread ended;
    synchronized (this) {
      running = false;
      closeAll(End.STOPPED);
      notifyAll();
      ended = thread;
    }
    if (ended != null) {
      ended.join(Duration.ofSeconds(5));
    }
  }

  synchronized void join(TailBuffer buffer) {
    if (running) {
      joining.add(buffer);
      notifyAll();
    } else {
      buffer.close(End.STOPPED);
    }
  }

  synchronized void leave(TailBuffer buffer) {
    joining.remove(buffer);
    joined.computeIfPresent(buffer.filter().agentId(), (_, buffers) -> {
      buffers.remove(buffer);
      return buffers.isEmpty() ? null : buffers;
    });
    // For what it may still hold.
    buffer.close(End.STOPPED);
  }

  /** Every event behind it was offered to those that have joined. */
  TailCursor position() {
    return position;
  }

  private void run() {
    try {
      while (awaitTails()) {
        try {
          long seen = progress.version();
          if (!step() && !progress.awaitChange(seen, LONGEST_PAUSE) && !progress.isRunning()) {
            pause();
          }
        } catch (ProblemException _) {
          // The database is away, which is in the log already; the tails stay open, and go on from here.
          pause();
        } catch (RuntimeException e) {
          LOG.error("Cannot show what is new: every tail has to read for itself", e);
          letAllRead();
          pause();
        }
      }
    } catch (InterruptedException _) {
      // Nobody does.
    }
  }

  private synchronized boolean awaitTails() throws InterruptedException {
    while (running && joining.isEmpty() && joined.isEmpty()) {
      wait();
    }
    return running;
  }

  private synchronized void pause() throws InterruptedException {
    if (running) {
      wait(PAUSE_AFTER_FAILURE.toMillis());
    }
  }

  /** Only the tail that asks for what cannot be read fails then. */
  private synchronized void letAllRead() {
    closeAll(End.BEHIND);
    joined.clear();
  }

  private synchronized void closeAll(End reason) {
    joining.forEach(buffer -> buffer.close(reason));
    joined.values().forEach(buffers -> buffers.forEach(buffer -> buffer.close(reason)));
  }

  /** Returns whether there may be more at once. */
  private boolean step() {
    return events.read(() -> {
      Frontier frontier = events.frontier();
      Map<SpiritId, List<TailBuffer>> tails = admit(frontier);
      for (Stretch stretch : frontier.since(position, STEP)) {
        TailCursor before = position;
        events.forEach(tails.keySet(), stretch, Integer.MAX_VALUE,
            (event, place) -> offer(event, place, before, tails.getOrDefault(event.agentId(), List.of())));
        position = stretch.end(before);
      }
      return !frontier.since(position, 1).isEmpty();
    });
  }

  /** Lets in who waits; the hub skips what came while nobody was there. */
  private synchronized Map<SpiritId, List<TailBuffer>> admit(Frontier frontier) {
    if (joined.isEmpty()) {
      position = frontier.cursor();
    }
    for (TailBuffer buffer : joining) {
      buffer.join(frontier.at(position));
      joined.computeIfAbsent(buffer.filter().agentId(), _ -> new HashSet<>()).add(buffer);
    }
    joining.clear();
    Map<SpiritId, List<TailBuffer>> tails = new HashMap<>();
    joined.forEach((agent, buffers) -> tails.put(agent, List.copyOf(buffers)));
    return tails;
  }

  private boolean offer(Event event, Place place, TailCursor before, List<TailBuffer> tails) {
    BufferedBytes.@Nullable Line line = null;
    for (TailBuffer tail : tails) {
      if (tail.filter().matches(event)) {
        line = line == null ? bytes.line(EventStream.json(event)) : line;
        tail.offer(new Stored(before, place, line));
      }
    }
    return true;
  }
}
