package com.elephantasm.events.faults.load;

/**
 * How far the load has come.
 *
 * @param reads that were answered and checked
 */
public record Progress(long acknowledged, long refused, long ambiguous, long reads) {
  /** Each try of each event or change. */
  public long attempts() {
    return acknowledged + refused + ambiguous;
  }

  @Override
  public String toString() {
    return "%,d attempts: %,d acknowledged, %,d refused, %,d ambiguous; %,d reads checked".formatted(attempts(),
        acknowledged, refused, ambiguous, reads);
  }
}
