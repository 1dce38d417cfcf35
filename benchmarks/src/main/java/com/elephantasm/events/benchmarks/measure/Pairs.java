package com.elephantasm.events.benchmarks.measure;

/**
 * How often both sides run.
 *
 * @param counted pairs of runs that count, at least 1
 * @param warmedUp whether another pair comes before that does not count: without it the figures say nothing
 */
public record Pairs(int counted, boolean warmedUp) {
  public Pairs {
    if (counted < 1) {
      throw new IllegalArgumentException("pairs must be at least 1, were " + counted);
    }
  }
}
