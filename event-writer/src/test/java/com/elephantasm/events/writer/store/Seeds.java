package com.elephantasm.events.writer.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Properties for random input: how much of it, and how a failing input gets small enough to read. Not a library for that: jqwik is
 * made for JUnit's platform 1, and this build has 6.
 */
final class Seeds {
  private Seeds() {}

  /** Ten times as many where {@code -Dtests.tries=10} says so, and none that has not a number, which a failure names. */
  static int times(int normally) {
    return normally * Integer.getInteger("tests.tries", 1);
  }

  /** Where to begin counting: {@code -Dtests.seed=…} runs a failure again. */
  static long first() {
    return Long.getLong("tests.seed", 1);
  }

  /** Leaves out whatever is not needed for the failure: halves first, single elements last, until nothing more can go. */
  static <T> List<T> smallest(List<T> failing, Predicate<List<T>> fails) {
    List<T> smallest = failing;
    for (int length = Math.max(1, failing.size() / 2); length > 0; length /= 2) {
      for (int from = 0; from + length <= smallest.size();) {
        List<T> without = new ArrayList<>(smallest.subList(0, from));
        without.addAll(smallest.subList(from + length, smallest.size()));
        if (fails.test(without)) {
          smallest = without;
        } else {
          from += length;
        }
      }
    }
    return smallest;
  }
}
