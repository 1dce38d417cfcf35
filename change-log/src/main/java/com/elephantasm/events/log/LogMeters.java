package com.elephantasm.events.log;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.EnumMap;
import java.util.Map;

/** What goes into the log, and what is told of it. A record is counted when Kafka has said what came of it. */
final class LogMeters {
  private final Map<Way, Counter> accepted = new EnumMap<>(Way.class);
  private final Counter published;
  private final Counter dropped;

  LogMeters(MeterRegistry registry, UnacknowledgedBytes unacknowledged) {
    for (Way way : Way.values()) {
      accepted.put(way, Counter.builder("elephantasm.changes.accepted").tag("way", way.wireName())
          .description("Changes that the log has acknowledged").register(registry));
    }
    published = outcomes("published", registry);
    dropped = outcomes("dropped", registry);
    Gauge.builder("elephantasm.log.unacknowledged", unacknowledged, UnacknowledgedBytes::taken)
        .baseUnit(BaseUnits.BYTES).description("What is on its way into the log").register(registry);
    Gauge.builder("elephantasm.log.unacknowledged.limit", unacknowledged, UnacknowledgedBytes::bound)
        .baseUnit(BaseUnits.BYTES).description("The most that may be on its way into the log").register(registry);
  }

  private static Counter outcomes(String result, MeterRegistry registry) {
    return Counter.builder("elephantasm.outcomes").tag("result", result)
        .description("Outcomes that somebody waits for, told to them or not").register(registry);
  }

  void accepted(Way way) {
    requireNonNull(accepted.get(way)).increment();
  }

  void outcomePublished() {
    published.increment();
  }

  void outcomeDropped() {
    dropped.increment();
  }
}
