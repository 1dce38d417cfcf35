package com.elephantasm.events.benchmarks.measure;

import java.util.Arrays;
import java.util.List;

/**
 * What one side reached.
 *
 * @param unit of the figures, such as events/s or ms
 * @param all one figure per run that counts, in the order of the runs
 */
public record Figures(String name, String unit, List<Double> all, double median) {
  public Figures(String name, String unit, List<Double> all) {
    this(name, unit, List.copyOf(all), median(all));
  }

  /** Of an even number of values, the middle of the two in the middle. */
  public static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no value has no median");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
