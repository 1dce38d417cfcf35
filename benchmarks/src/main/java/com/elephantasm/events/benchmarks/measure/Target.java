package com.elephantasm.events.benchmarks.measure;

/** What the ratio of the medians has to be. */
public record Target(Direction direction, double bound) {
  public enum Direction {
    /** For rates. */
    AT_LEAST,
    /** For times. */
    AT_MOST
  }

  public static Target atLeast(double bound) {
    return new Target(Direction.AT_LEAST, bound);
  }

  public static Target atMost(double bound) {
    return new Target(Direction.AT_MOST, bound);
  }

  boolean isMetBy(Ratio ratio) {
    return switch (direction) {
      case AT_LEAST -> ratio.median() >= bound;
      case AT_MOST -> ratio.median() <= bound;
    };
  }
}
