package com.elephantasm.events.writer.consume;

import com.elephantasm.events.log.LogEnds;
import com.elephantasm.events.writer.consume.StallDetector.Reading;
import com.elephantasm.events.writer.progress.StoreProbe;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Watches whether the partitions of this process make progress, for the liveness. Two small queries, one to Kafka and one to
 * PostgreSQL, in a tenth of the time after which a partition counts as stalled, at least every ten seconds; they also tell that
 * both servers work.
 */
final class StallWatch implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);
  private static final int LONGEST_GAP = 5;
  /** What the queries of one observation may take. */
  private static final Duration SLACK = Duration.ofSeconds(20);

  private final Assignments assignments;
  private final ConsumerReports reports;
  private final BooleanSupplier someConsumerEnded;
  private final StoreProbe store;
  private final LogEnds log;
  private final Clock clock;
  private final Duration interval;
  private final StallDetector detector;
  private final PartitionMeters meters;
  private final Map<Integer, Long> nothingBefore = new HashMap<>();
  private volatile List<Stall> stalls = List.of();
  private volatile @Nullable Thread thread;

  /** @param someConsumerEnded whether one is no more, though it should run */
  StallWatch(Assignments assignments, ConsumerReports reports, BooleanSupplier someConsumerEnded, StoreProbe store,
      LogEnds log, PartitionMeters meters, Clock clock, Duration stalledAfter) {
    this.assignments = assignments;
    this.reports = reports;
    this.someConsumerEnded = someConsumerEnded;
    this.store = store;
    this.log = log;
    this.meters = meters;
    this.clock = clock;
    Duration tenth = stalledAfter.dividedBy(10);
    this.interval = tenth.compareTo(LONGEST_INTERVAL) < 0 ? tenth : LONGEST_INTERVAL;
    this.detector = new StallDetector(stalledAfter, interval.multipliedBy(LONGEST_GAP).plus(SLACK));
  }

  List<Stall> stalls() {
    return stalls;
  }

  private void watch() {
    try {
      while (thread != null) {
        Thread.sleep(interval);
        observe();
      }
    } catch (InterruptedException _) {
      // stop() asked for it
    }
  }

  private void observe() throws InterruptedException {
    Map<Integer, Reading> readings;
    try {
      readings = readings();
      nothingBefore.keySet().retainAll(readings.keySet());
    } catch (RuntimeException e) {
      LOG.debug("Kafka is away", e);
      meters.observed(watched(), Map.of(), Map.of());
      readings = Map.of();
    }
    if (reports.takeDatabaseRefuses()) {
      readings = Map.of();
    }
    tell(detector.observe(clock.instant(), readings, reports.takeMoved()).stream().filter(this::hasRecord).toList());
  }

  private Map<Integer, Reading> readings() throws InterruptedException {
    Set<Integer> watched = watched();
    // First the end: what is applied between the two queries is no lag.
    Map<Integer, Long> ends = watched.isEmpty() ? Map.of() : log.of(watched);
    Map<Integer, Long> positions = ends.isEmpty() ? Map.of() : positions(watched);
    meters.observed(watched, ends, positions);
    if (positions.isEmpty() || !takesWrites()) {
      return Map.of();
    }
    Map<Integer, Reading> readings = new HashMap<>();
    positions.forEach((partition, position) -> {
      Long end = ends.get(partition);
      if (end != null) {
        readings.put(partition, new Reading(position, end));
      }
    });
    return readings;
  }

  /** That nothing is applied where it does not is no stall. */
  private boolean takesWrites() {
    try {
      return store.isWritable();
    } catch (DataAccessException e) {
      LOG.debug("PostgreSQL is away", e);
      return false;
    }
  }

  /** Empty where the database is away. */
  private Map<Integer, Long> positions(Set<Integer> watched) {
    try {
      Map<Integer, Long> known = store.positions();
      return watched.stream().collect(Collectors.toMap(Function.identity(),
          partition -> Math.max(known.getOrDefault(partition, 0L), nothingBefore.getOrDefault(partition, 0L))));
    } catch (DataAccessException e) {
      LOG.debug("PostgreSQL is away", e);
      return Map.of();
    }
  }

  /** A consumer that has ended owns nothing, and for what it did own there may be nobody else. */
  private Set<Integer> watched() {
    Set<Integer> watched = new HashSet<>(assignments.owned());
    if (someConsumerEnded.getAsBoolean()) {
      watched.addAll(assignments.everOwned());
    }
    return watched;
  }

  /** Offsets without records look like lag, and only reading tells them from it. */
  private boolean hasRecord(Stall stall) {
    if (stalls.stream()
        .anyMatch(known -> known.partition() == stall.partition() && known.since().equals(stall.since()))) {
      return true;
    }
    try {
      if (log.hasRecord(stall.partition(), stall.position(), stall.end())) {
        return true;
      }
      nothingBefore.put(stall.partition(), stall.end());
    } catch (RuntimeException e) {
      LOG.debug("Whether partition {} has something to read cannot be told", stall.partition(), e);
    }
    return false;
  }

  private void tell(List<Stall> found) {
    for (Stall stall : found) {
      if (stalls.stream().noneMatch(known -> known.partition() == stall.partition())) {
        LOG.error(
            "Partition {} has made no progress since {}: applied up to {} of {}, though PostgreSQL and Kafka work",
            stall.partition(), stall.since(), stall.position(), stall.end());
      }
    }
    if (found.isEmpty() && !stalls.isEmpty()) {
      LOG.info("No partition is stalled any more");
    }
    stalls = found;
    meters.stalled(found.size());
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("stall-watch").unstarted(this::watch);
    thread.start();
  }

  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
    stalls = List.of();
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Before the consumers stop, which is no stall. */
  @Override
  public int getPhase() {
    return WriterStart.PHASE + 1;
  }
}
