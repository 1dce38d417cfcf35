package com.elephantasm.events.writer.tail;

import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.writer.query.EventFilter;
import com.elephantasm.events.writer.tail.Delivery.End;
import com.elephantasm.events.writer.tail.Delivery.Joined;
import com.elephantasm.events.writer.tail.Delivery.Stored;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Shows one client what is new. It reads from the store up to where the hub is, then writes what the hub delivers; where that
 * comes faster than the client takes it, it reads from the store again, at the client's pace. Its cursor alone says what was
 * shown, so nothing is left out or repeated, whatever comes twice on the way.
 */
final class Tail {
  /** After what time a client whose tail was cut comes back. */
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final EventFilter filter;
  private final EventStream stream;
  private final TailHub hub;
  private final CatchUp catchUp;
  private final BufferedBytes bytes;
  private final TailSettings settings;
  private final Stop stop;
  private TailCursor cursor;
  /** Since it was last up to date. A client that only begins has a long way before it, and is given its time. */
  private boolean fellBehind;

  Tail(EventFilter filter, TailCursor start, EventStream stream, TailHub hub, CatchUp catchUp, BufferedBytes bytes,
      TailSettings settings, Stop stop) {
    this.filter = filter;
    this.cursor = start;
    this.stream = stream;
    this.hub = hub;
    this.catchUp = catchUp;
    this.bytes = bytes;
    this.settings = settings;
    this.stop = stop;
  }

  /**
   * Returns when the service stops, or after the client was told that it is too slow.
   *
   * @throws IOException where the client has left, or takes nothing at all
   */
  void run() throws IOException, InterruptedException {
    stream.begin(cursor, RETRY);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = readTo(null) && follow();
    }
    if (isTooSlow()) {
      stream.dropped(cursor, "the client has kept the tail waiting for more than %d ms; go on with Last-Event-ID"
          .formatted(settings.patience().toMillis()));
    }
  }

  /**
   * Shows what is stored up to there.
   *
   * @param target null for as far as it goes
   * @return whether the tail goes on
   */
  private boolean readTo(@Nullable Frontier target) throws IOException, InterruptedException {
    while (!stop.isWanted()) {
      if (stream.idle().compareTo(settings.heartbeat()) >= 0) {
        stream.heartbeat(cursor);
      }
      try (Page page = catchUp.next(filter, cursor, target)) {
        if (page == null) {
          continue;
        }
        boolean isLast = page.room() > 0;
        if (!show(page)) {
          return false;
        }
        if (isLast) {
          return true;
        }
      } catch (ProblemException _) {
        // The database is away, which is in the log already.
        stop.await(PAUSE);
      }
    }
    return false;
  }

  /** Returns whether the tail goes on. */
  private boolean show(Page page) throws IOException {
    if (!fellBehind) {
      stream.resetWaited();
    }
    boolean isEmpty = true;
    for (Stored event = page.poll(); event != null; event = page.poll()) {
      show(event);
      isEmpty = false;
      if (isTooSlow() || stop.isWanted()) {
        return false;
      }
    }
    cursor = cursor.max(page.end());
    if (isEmpty && page.room() == 0) {
      // So that a tail that is cut does not look through all that its filter leaves out again.
      stream.heartbeat(cursor);
    }
    stream.flush();
    return !isTooSlow();
  }

  private void show(Stored event) throws IOException {
    try {
      if (!event.place().isBehind(cursor)) {
        cursor = event.place().after(cursor.max(event.before()));
        stream.event(cursor, event.line().json());
      }
    } finally {
      event.line().release();
    }
  }

  /** Shows what the hub delivers; returns whether the tail goes on, by reading. */
  private boolean follow() throws IOException, InterruptedException {
    TailBuffer buffer = new TailBuffer(filter, settings, bytes);
    hub.join(buffer);
    try {
      boolean goesOn = true;
      boolean joined = false;
      while (goesOn) {
        Delivery next = buffer.take(Duration.ZERO);
        next = next == null ? await(buffer, joined) : next;
        switch (next) {
          case null -> {
          }
          case Joined(Frontier at) -> {
            joined = true;
            goesOn = readTo(at);
          }
          case Stored event -> show(event);
          case End.BEHIND -> {
            fellBehind = true;
            return !isTooSlow();
          }
          case End.STOPPED -> goesOn = false;
        }
      }
      return false;
    } finally {
      hub.leave(buffer);
    }
  }

  /** The client has all there is. */
  private @Nullable Delivery await(TailBuffer buffer, boolean joined) throws IOException, InterruptedException {
    stream.flush();
    stream.resetWaited();
    fellBehind = false;
    // Before the wait: whatever is not in the buffer after it was not offered before this position.
    TailCursor reached = joined ? hub.position() : cursor;
    Delivery next = buffer.take(settings.heartbeat());
    if (next == null) {
      cursor = cursor.max(reached);
      stream.heartbeat(cursor);
    }
    return next;
  }

  private boolean isTooSlow() {
    return stream.waited().compareTo(settings.patience()) > 0;
  }
}
