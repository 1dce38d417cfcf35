package com.elephantasm.events.writer.command;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers for people, the same wherever they are read. */
final class Amounts {
  private Amounts() {}

  /** Such as 1,234,567. */
  static String of(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Rounded down, so that 100 % is all of it. */
  static int percent(long part, long whole) {
    return whole <= 0 ? 100 : (int) Math.clamp(part * 100.0 / whole, 0, 100);
  }

  /** Such as 42 s, 3 min 07 s or 2 h 05 min. */
  static String time(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
  }

  /** Such as 3 stored, 2 duplicate; those of zero are left out where another is not. */
  static String counts(Map<String, Long> counts) {
    String told = counts.entrySet().stream().filter(count -> count.getValue() != 0)
        .map(count -> of(count.getValue()) + " " + count.getKey()).collect(Collectors.joining(", "));
    return told.isEmpty() ? "nothing yet" : told;
  }
}
