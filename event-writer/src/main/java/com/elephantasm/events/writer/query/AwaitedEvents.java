package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.writer.progress.StoreProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;

/**
 * Lets reads wait for events that are not there yet. When the store has moved, one look-up finds out for all who wait; only who
 * found something, or has no time left, reads an event.
 */
final class AwaitedEvents {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitedEvents.class);
  /** Between two look-ups, as the store may move with every request. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);
  /** Not everything that comes into the store moves its position in the log. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final EventQueries events;
  private final StoreProgress progress;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private @Nullable Thread looking;

  private record Waiter(EventId id, Predicate<EventOwner> shown, CountDownLatch over) {}

  AwaitedEvents(EventQueries events, StoreProgress progress) {
    this.events = events;
    this.progress = progress;
  }

  /**
   * The event, as soon as it is there to be shown; empty where that is not in time. Blocks.
   *
   * @throws com.elephantasm.events.http.ProblemException 503 where the store cannot be read in the end, or the service stops
   */
  Optional<Event> find(EventId id, Caller caller, Predicate<EventOwner> shown, Duration wait) {
    if (wait.isZero()) {
      return read(id, caller, shown);
    }
    Waiter waiter = new Waiter(id, shown, new CountDownLatch(1));
    waiters.add(waiter);
    try {
      // Only now: if it comes later than this, then whoever sees the store move finds the waiter.
      Optional<Event> event = read(id, caller, shown);
      return event.isPresent() ? event : await(waiter, caller, wait);
    } finally {
      waiters.remove(waiter);
    }
  }

  private Optional<Event> await(Waiter waiter, Caller caller, Duration wait) {
    startLooking();
    try {
      var _ = waiter.over.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Optional<Event> event = read(waiter.id, caller, waiter.shown);
    if (event.isEmpty() && !progress.isRunning()) {
      throw Problem
          .of(ProblemType.STORE_BEHIND, "the service stops, and the event is not there yet; send the read again")
          .withHeader(HttpHeaders.RETRY_AFTER, "1").asException();
    }
    return event;
  }

  private Optional<Event> read(EventId id, Caller caller, Predicate<EventOwner> shown) {
    return events.find(id, caller).filter(event -> shown.test(EventOwner.of(event)));
  }

  /** The thread ends by itself when nobody waits any more. */
  private synchronized void startLooking() {
    if (looking == null || !looking.isAlive()) {
      looking = Thread.ofVirtual().name("awaited-events").start(this::lookWhileAwaited);
    }
  }

  private void lookWhileAwaited() {
    try {
      while (isAwaited()) {
        long seen = progress.version();
        look();
        var _ = progress.awaitChange(seen, LONGEST_PAUSE);
        Thread.sleep(SHORTEST_PAUSE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Together with {@link #startLooking}: whoever comes after this has said no starts another thread. */
  private synchronized boolean isAwaited() {
    if (!progress.isRunning()) {
      waiters.forEach(waiter -> waiter.over.countDown());
    }
    if (progress.isRunning() && !waiters.isEmpty()) {
      return true;
    }
    looking = null;
    return false;
  }

  private void look() {
    List<Waiter> waiting = List.copyOf(waiters);
    Set<EventId> ids = waiting.stream().map(Waiter::id).collect(Collectors.toSet());
    try {
      Map<EventId, EventOwner> found = events.owners(ids).stream()
          .collect(Collectors.toMap(EventOwner::id, Function.identity()));
      for (Waiter waiter : waiting) {
        EventOwner event = found.get(waiter.id);
        if (event != null && waiter.shown.test(event)) {
          waiter.over.countDown();
        }
      }
    } catch (RuntimeException e) {
      // Whoever waits reads once more in the end, and fails then if it must.
      LOG.debug("Cannot look for the events that are waited for", e);
    }
  }
}
