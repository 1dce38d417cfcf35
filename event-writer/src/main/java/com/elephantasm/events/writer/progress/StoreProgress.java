package com.elephantasm.events.writer.progress;

import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.store.LogEntry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Knows how far the store has applied the log, whichever writer applied it, and lets others wait for more. What the consumers
 * of this process commit is known at once; what other processes do is read from the database, by one thread for all who wait,
 * and only while somebody does.
 *
 * <p>Any number of threads may wait, and a wait costs nothing but memory; it blocks its thread, so wait on a virtual one. All
 * waits end at once when the service stops. That a topic was deleted and made anew under its name is noticed at the next
 * reading.
 */
public final class StoreProgress implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(StoreProgress.class);
  /** What is known may be hours old, so even who does not want to wait is told no only after a look, if that is quick. */
  private static final Duration FOR_ONE_LOOK = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

  /** How a wait for a token has ended. */
  enum Result {
    APPLIED,
    /** The time is up, and the store is not there yet. */
    BEHIND,
    /** The time is up, and the store cannot be read. */
    UNREADABLE
  }

  private final String topic;
  private final Supplier<List<AppliedPosition>> store;
  private final Duration interval;
  private final KnownPositions known = new KnownPositions();
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private @Nullable Thread reader;
  private volatile boolean readable = true;
  private volatile boolean running = true;

  /**
   * @param store reads how far the store is; it may fail
   * @param interval from the end of a reading to the beginning of the next
   */
  StoreProgress(String topic, Supplier<List<AppliedPosition>> store, Duration interval) {
    this.topic = topic;
    this.store = store;
    this.interval = interval;
  }

  /**
   * To be told by the consumers of this process, of what they have committed to the store.
   *
   * @param entries in the order of the log within each partition
   */
  public void applied(Collection<LogEntry> entries) {
    Map<Integer, AppliedPosition> last = new HashMap<>();
    for (LogEntry entry : entries) {
      RecordPosition position = entry.record().position();
      if (position.topic().equals(topic)) {
        last.put(entry.partition(),
            new AppliedPosition(entry.partition(), position.partition(), position.offset() + 1));
      }
    }
    advance(last.values());
  }

  /** A number that grows whenever the store is known to have applied more of the log than before. */
  public long version() {
    return known.version();
  }

  /**
   * Waits until the store has applied more of the log than it had at a version. To miss nothing, take the version, then read
   * from the store, then wait. Only the log counts: what comes into the store by other ways than its consumers is not seen.
   *
   * @return false where nothing happened in that time, or the service stops, which {@link #isRunning} tells
   */
  public boolean awaitChange(long seen, Duration wait) {
    return await(new Waiter(() -> known.version() != seen), wait, Duration.ZERO);
  }

  /** Waits until the store has applied all that a token names. What it is known to have applied costs no look at it. */
  Result await(ConsistencyToken token, Duration wait) {
    AwaitedPositions positions = new AwaitedPositions(token);
    if (positions.areIn(known)) {
      return Result.APPLIED;
    }
    Waiter waiter = new Waiter(() -> positions.areIn(known));
    if (await(waiter, wait, FOR_ONE_LOOK)) {
      return Result.APPLIED;
    }
    return waiter.isReadable() ? Result.BEHIND : Result.UNREADABLE;
  }

  private boolean await(Waiter waiter, Duration wait, Duration forOneLook) {
    waiters.add(waiter);
    try {
      // Only now: what happens from here on finds it among the waiters.
      waiter.check();
      if (!startReader()) {
        waiter.end();
      }
      return waiter.await(wait, forOneLook);
    } finally {
      waiters.remove(waiter);
    }
  }

  /** False where the service stops. */
  private synchronized boolean startReader() {
    if (running && (reader == null || !reader.isAlive())) {
      reader = Thread.ofVirtual().name("store-progress").start(this::readWhileAwaited);
    }
    return running;
  }

  private void readWhileAwaited() {
    try {
      while (isAwaited()) {
        boolean succeeded = read();
        Thread.sleep(succeeded ? interval : PAUSE_AFTER_FAILURE);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Together with {@link #startReader}: whoever comes after this has said no starts another reader. */
  private synchronized boolean isAwaited() {
    if (running && !waiters.isEmpty()) {
      return true;
    }
    reader = null;
    return false;
  }

  /** Whether the store is being read, because somebody waits. */
  synchronized boolean isReading() {
    return reader != null;
  }

  private boolean read() {
    List<Waiter> waiting = List.copyOf(waiters);
    boolean succeeded = readStore();
    waiting.forEach(waiter -> waiter.looked(succeeded));
    return succeeded;
  }

  private void advance(Collection<AppliedPosition> positions) {
    positions.forEach(known::advance);
    waiters.forEach(Waiter::check);
  }

  private boolean readStore() {
    try {
      advance(store.get());
      if (!readable) {
        LOG.info("How far the store is can be read again");
      }
      readable = true;
    } catch (RuntimeException e) {
      if (readable && running) {
        LOG.warn("Cannot read how far the store is; reads that wait for it go on waiting: {}", e.getMessage());
      }
      readable = false;
    }
    return readable;
  }

  @Override
  public synchronized void start() {
    running = true;
  }

  /** In the first phase of the shutdown, before the web server waits for its requests. */
  @Override
  public synchronized void stop() {
    running = false;
    waiters.forEach(Waiter::end);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
