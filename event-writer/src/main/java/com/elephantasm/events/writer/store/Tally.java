package com.elephantasm.events.writer.store;

/** How many records had which {@link Fate}. Not safe for threads. */
public final class Tally {
  private final long[] counts = new long[Fate.values().length];

  public void add(Fate fate, long count) {
    counts[fate.ordinal()] += count;
  }

  public void add(Tally other) {
    for (Fate fate : Fate.values()) {
      add(fate, other.of(fate));
    }
  }

  /** May be negative, where a record had another fate before that was counted then. */
  public long of(Fate fate) {
    return counts[fate.ordinal()];
  }
}
