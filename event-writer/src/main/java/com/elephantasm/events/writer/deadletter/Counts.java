package com.elephantasm.events.writer.deadletter;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many dead letters there are.
 *
 * @param states of each state that there are some of
 */
record Counts(long total, Map<String, OfState> states) {
  /** @param reasons how many of each reason that there are some of */
  record OfState(long total, Map<String, Long> reasons) {}

  record Row(String state, String reason, long count) {}

  static Counts of(Collection<Row> rows) {
    Map<String, Map<String, Long>> byState = new TreeMap<>();
    rows.forEach(row -> byState.computeIfAbsent(row.state(), _ -> new TreeMap<>()).put(row.reason(), row.count()));
    Map<String, OfState> states = new TreeMap<>();
    byState.forEach((state, reasons) -> states.put(state, new OfState(sum(reasons), reasons)));
    return new Counts(states.values().stream().mapToLong(OfState::total).sum(), states);
  }

  /** How many of each reason, whatever their state. */
  Map<String, Long> reasons() {
    Map<String, Long> all = new TreeMap<>();
    states.values().forEach(state -> state.reasons().forEach((reason, count) -> all.merge(reason, count, Long::sum)));
    return all;
  }

  private static long sum(Map<String, Long> reasons) {
    return reasons.values().stream().mapToLong(count -> count).sum();
  }
}
