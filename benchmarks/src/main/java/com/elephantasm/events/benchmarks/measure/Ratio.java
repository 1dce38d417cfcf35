package com.elephantasm.events.benchmarks.measure;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The first side over the second.
 *
 * @param median of the medians
 * @param min the lowest of the ratios pair by pair; with {@code max} the spread
 */
public record Ratio(double median, double min, double max) {
  /** @throws IllegalArgumentException where the sides have not equally many figures */
  static Ratio of(Figures first, Figures second) {
    if (first.all().size() != second.all().size()) {
      throw new IllegalArgumentException(
          "%d figures cannot be paired with %d".formatted(first.all().size(), second.all().size()));
    }
    return new Ratio(first.median() / second.median(), pairs(first, second).min().orElseThrow(),
        pairs(first, second).max().orElseThrow());
  }

  private static DoubleStream pairs(Figures first, Figures second) {
    return IntStream.range(0, first.all().size()).mapToDouble(i -> first.all().get(i) / second.all().get(i));
  }
}
