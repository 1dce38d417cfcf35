package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.measure.Figures;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The time of processors that each process has taken, in microseconds: until now, or per record.
 *
 * @param writer of all of them, with their compilers and garbage collectors
 * @param database what serves the writer's connections, without what the server does by itself
 * @param applied records until now
 */
record Cost(double writer, double database, double broker, long applied) {
  static Cost now(Servers servers, Database store, Writers writers) throws SQLException {
    return new Cost(microseconds(writers.processorTime()), microseconds(store.processorTime()),
        microseconds(servers.kafkaProcessorTime()),
        store.number("SELECT coalesce(sum(next_offset), 0) FROM log_partitions"));
  }

  private static double microseconds(Duration time) {
    return time.toNanos() / 1e3;
  }

  /** Per record from here to there; null where there was none. */
  @Nullable
  Cost until(Cost later) {
    double records = later.applied - applied;
    return records == 0
        ? null
        : new Cost((later.writer - writer) / records, (later.database - database) / records,
            (later.broker - broker) / records, later.applied);
  }

  static String medians(List<Cost> costs) {
    return "processor time per record, medians: writer %.1f µs, PostgreSQL %.1f µs, Kafka %.1f µs".formatted(
        median(costs, Cost::writer), median(costs, Cost::database), median(costs, Cost::broker));
  }

  private static double median(List<Cost> costs, ToDoubleFunction<Cost> part) {
    return Figures.median(costs.stream().mapToDouble(part).boxed().toList());
  }
}
