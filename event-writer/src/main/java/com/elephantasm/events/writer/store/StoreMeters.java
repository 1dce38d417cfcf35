package com.elephantasm.events.writer.store;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.RejectionReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the batches of the log came to. Told after the commit, so that a batch that was rolled back and comes again counts once;
 * and a record that comes again after it was applied counts as repeated, whatever it was before.
 */
final class StoreMeters {
  private static final Duration[] TRANSACTION_TIMES = millis(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
      60_000);
  private static final Duration[] LATENCIES = millis(10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000,
      60_000,
      300_000);
  private static final double[] SIZES = {1, 10, 100, 1000, 2500, 5000, 10_000};

  private final Clock clock;
  private final Counter stored;
  private final Counter duplicate;
  private final Counter amended;
  private final Counter spirits;
  private final Counter unchanged;
  private final Counter repeated;
  private final Map<RejectionReason, Counter> deadLetters = new EnumMap<>(RejectionReason.class);
  private final Timer latency;
  private final Timer committed;
  private final Timer rolledBack;
  private final DistributionSummary size;

  StoreMeters(MeterRegistry registry, Clock clock) {
    this.clock = clock;
    stored = counter("elephantasm.events.stored", "Events that became a row", registry);
    duplicate = counter("elephantasm.events.duplicate", "Events that were there already", registry);
    amended = counter("elephantasm.events.amended", "Changes that took effect on an event", registry);
    spirits = counter("elephantasm.spirits.changed", "Spirits made, and changes that took effect on one", registry);
    unchanged = counter("elephantasm.records.unchanged", "Records without effect: what they say is so already",
        registry);
    repeated = counter("elephantasm.records.repeated", "Records that were applied before and came again", registry);
    for (RejectionReason reason : RejectionReason.values()) {
      deadLetters.put(reason, Counter.builder("elephantasm.dead.letters").tag("reason", reason.wireName())
          .description("Records that became dead letters").register(registry));
    }
    latency = Timer.builder("elephantasm.accept.to.store").serviceLevelObjectives(LATENCIES)
        .description("From a record's timestamp to the commit that stored its event").register(registry);
    committed = transactions("committed", registry);
    rolledBack = transactions("rolled-back", registry);
    size = DistributionSummary.builder("elephantasm.batch.size").baseUnit("records").serviceLevelObjectives(SIZES)
        .description("Records that were committed together").register(registry);
  }

  private static Counter counter(String name, String description, MeterRegistry registry) {
    return Counter.builder(name).description(description).register(registry);
  }

  private static Timer transactions(String result, MeterRegistry registry) {
    return Timer.builder("elephantasm.batch.transaction").tag("result", result)
        .serviceLevelObjectives(TRANSACTION_TIMES).description("Transactions that apply a batch").register(registry);
  }

  private static Duration[] millis(long... bounds) {
    return Arrays.stream(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  /** @param reached the positions before the batch, by partition */
  void committed(Collection<LogEntry> batch, Map<Integer, Long> reached, BatchFates fates, long nanos) {
    committed.record(nanos, TimeUnit.NANOSECONDS);
    size.record(batch.size());
    Instant now = clock.instant();
    fates.handOut(batch, met -> {
      if (LateEvents.isBehind(reached, met.entry().position()) && met.fate() != Fate.STORED
          && met.fate() != Fate.AMENDED) {
        repeated.increment();
      } else {
        count(met);
        if (met.fate() == Fate.STORED && isEvent(met.entry())) {
          latency.record(Duration.between(met.entry().record().timestamp(), now));
        }
      }
    }, waited -> {
      // Where it still is a dead letter, it has been counted when it came.
      if (waited.fate() != Fate.REJECTED) {
        count(waited);
      }
    });
  }

  void rolledBack(long nanos) {
    rolledBack.record(nanos, TimeUnit.NANOSECONDS);
  }

  private void count(BatchFates.Met met) {
    boolean isEvent = isEvent(met.entry());
    switch (met.fate()) {
      case STORED -> {
        (isEvent ? stored : spirits).increment();
        // Equal ones that waited with it.
        duplicate.increment(met.records() - 1.0);
      }
      case DUPLICATE -> (isEvent ? duplicate : unchanged).increment(met.records());
      case AMENDED -> (isOfSpirit(met.entry()) ? spirits : amended).increment(met.records());
      case SKIPPED -> unchanged.increment(met.records());
      case REJECTED -> requireNonNull(deadLetters.get(requireNonNull(met.reason()))).increment();
    }
  }

  private static boolean isEvent(LogEntry entry) {
    return entry.content() instanceof DecodedChange.Readable(Change.EventCreated _);
  }

  private static boolean isOfSpirit(LogEntry entry) {
    return entry.content() instanceof DecodedChange.Readable(Change change)
        && (change instanceof Change.SpiritCreated || change instanceof Change.SpiritAmended);
  }
}
