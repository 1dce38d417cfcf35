package com.elephantasm.events.writer.consume;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How far the store is behind the log, in each partition of this process. From what both servers say, and not from the consumer,
 * which knows no lag of a partition that it has paused. While PostgreSQL is away nothing is applied, so what it said last holds;
 * while Kafka is away nobody knows, and no partition has a lag.
 */
final class PartitionMeters {
  private final MultiGauge lags;
  private final Map<Integer, Long> lastPositions = new HashMap<>();
  private volatile int stalled;

  /** @param assigned how many partitions this process reads */
  PartitionMeters(MeterRegistry registry, Supplier<Number> assigned) {
    lags = MultiGauge.builder("elephantasm.log.lag").baseUnit("records")
        .description("What the log has and the store has not, by partition").register(registry);
    Gauge.builder("elephantasm.partitions.assigned", assigned)
        .description("Partitions that this process reads").register(registry);
    Gauge.builder("elephantasm.partitions.stalled", () -> stalled)
        .description("Partitions that have records and make no progress, though the servers work").register(registry);
  }

  /**
   * @param mine the partitions of this process; others have no lag here any more
   * @param ends as far as Kafka says them
   * @param positions as far as PostgreSQL says them; up to there everything is applied
   */
  void observed(Set<Integer> mine, Map<Integer, Long> ends, Map<Integer, Long> positions) {
    lastPositions.putAll(positions);
    lastPositions.keySet().retainAll(mine);
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    lastPositions.forEach((partition, position) -> {
      Long end = ends.get(partition);
      if (end != null) {
        rows.add(MultiGauge.Row.of(Tags.of("partition", partition.toString()), Math.max(0, end - position)));
      }
    });
    lags.register(rows, true);
  }

  void stalled(int partitions) {
    stalled = partitions;
  }
}
