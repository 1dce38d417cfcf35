package com.elephantasm.events.benchmarks.measure;

/**
 * One of the two sides of a comparison.
 *
 * @param name what runs, in a few words
 * @param unit of its figures; the same as the other side's
 */
public record Side(String name, String unit, Run run) {
  /** Prepares what it needs, runs once, and clears up behind itself, so that each run begins alike. */
  @FunctionalInterface
  public interface Run {
    /** @return the figure of this run, above 0 */
    double figure() throws Exception;
  }
}
