package com.elephantasm.events.faults.load;

/** Where a record stands in the log. */
public record LogPosition(int partition, long offset) {
  private static final int OFFSET_BITS = 48;

  /** In one number: hundreds of thousands of them are remembered. */
  long packed() {
    return ((long) partition << OFFSET_BITS) | offset;
  }

  static LogPosition unpacked(long packed) {
    return new LogPosition((int) (packed >>> OFFSET_BITS), packed & ((1L << OFFSET_BITS) - 1));
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
