package com.elephantasm.events.benchmarks.client;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * How a load fared.
 *
 * @param statuses how many responses there were of each status
 * @param seconds from the first request to the last response
 * @param p50 milliseconds from a request to its response in full: half of the responses took no longer
 * @param p99 the same of 99 in 100
 * @param max the same of all
 */
public record LoadResult(Map<Integer, Long> statuses, double seconds, double p50, double p99, double max) {
  public LoadResult {
    statuses = Map.copyOf(statuses);
  }

  /** @param nanoseconds of each response; sorted here */
  static LoadResult of(Map<Integer, Long> statuses, long elapsed, long[] nanoseconds) {
    Arrays.sort(nanoseconds);
    return new LoadResult(statuses, elapsed / 1e9, quantile(nanoseconds, 0.5), quantile(nanoseconds, 0.99),
        quantile(nanoseconds, 1));
  }

  /** The smallest of which that share is no larger, in milliseconds. */
  private static double quantile(long[] sorted, double share) {
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.max(0, index)] / 1e6;
  }

  public long requests() {
    return statuses.values().stream().mapToLong(count -> count).sum();
  }

  /** Responses a second. */
  public double rate() {
    return requests() / seconds;
  }

  /** @throws IllegalStateException where a response has another status */
  public LoadResult requireOnly(int status) {
    if (!statuses.keySet().equals(Set.of(status))) {
      throw new IllegalStateException("not all responses have the status %d: %s".formatted(status, statuses));
    }
    return this;
  }
}
