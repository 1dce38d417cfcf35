package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly;
import com.elephantasm.events.faults.load.Progress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a check found.
 *
 * @param anomalies the first few of each kind
 * @param counts how many there are of each kind; empty where every promise was kept
 * @param load what was sent
 * @param figures what was found, by name, in the order in which it is to be shown
 */
public record Report(List<Anomaly> anomalies, Map<Anomaly.Kind, Long> counts, Progress load,
    Map<String, Long> figures) {
  public Report {
    anomalies = List.copyOf(anomalies);
    counts = new TreeMap<>(counts);
  }

  /** How many in all, also those that are not in the list. */
  public long anomalyCount() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Some lines for people. */
  public String summary() {
    String found = figures.entrySet().stream().map(figure -> "%,d %s".formatted(figure.getValue(), figure.getKey()))
        .collect(Collectors.joining(", "));
    String verdict = counts.isEmpty() ? "no anomalies" : "%,d ANOMALIES %s".formatted(anomalyCount(), counts);
    return "%s%n%s%n%s".formatted(load, found, verdict);
  }
}
