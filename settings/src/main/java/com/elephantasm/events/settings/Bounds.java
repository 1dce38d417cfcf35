package com.elephantasm.events.settings;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/** What a setting may be. What it may not be ends the start, with a line that has its name, its value and its bounds. */
public final class Bounds {
  private static final List<ChronoUnit> TIMES = List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES,
      ChronoUnit.SECONDS, ChronoUnit.MILLIS);
  private static final List<DataUnit> SIZES = List.of(DataUnit.TERABYTES, DataUnit.GIGABYTES, DataUnit.MEGABYTES,
      DataUnit.KILOBYTES);

  private Bounds() {}

  /** @throws SettingException if the value is less than that */
  public static <T extends Comparable<? super T>> void requireAtLeast(String setting, T value, T least) {
    if (value.compareTo(least) < 0) {
      throw refusal(setting, value, print(least) + " or more");
    }
  }

  /** @throws SettingException if the value is less than the one or more than the other */
  public static <T extends Comparable<? super T>> void requireBetween(String setting, T value, T least, T most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw refusal(setting, value, "a value from %s to %s".formatted(print(least), print(most)));
    }
  }

  /** @throws SettingException if the value is more than that of the other setting */
  public static <T extends Comparable<? super T>> void requireAtMost(String setting, T value, String other, T most) {
    if (value.compareTo(most) > 0) {
      throw new SettingException(
          "%s is %s, which is more than %s, %s.".formatted(setting, print(value), other, print(most)),
          "Lower the one or raise the other.");
    }
  }

  private static SettingException refusal(String setting, Object value, String allowed) {
    return new SettingException("%s is %s.".formatted(setting, print(value)),
        "Set it to %s, or leave it out for its default.".formatted(allowed));
  }

  /** As it can be typed, in the largest unit that has no fraction. */
  static String print(Object value) {
    return switch (value) {
      case Duration time -> TIMES.stream().filter(unit -> unit.getDuration().compareTo(time.abs()) <= 0)
          .filter(unit -> time.toNanos() % unit.getDuration().toNanos() == 0).findFirst()
          .map(unit -> DurationStyle.SIMPLE.print(time, unit)).orElse(time.isZero() ? "0s" : time.toNanos() + "ns");
      case DataSize size -> SIZES.stream().filter(unit -> size.toBytes() != 0)
          .filter(unit -> size.toBytes() % DataSize.of(1, unit).toBytes() == 0).findFirst()
          .map(unit -> size.toBytes() / DataSize.of(1, unit).toBytes() + suffix(unit)).orElse(size.toString());
      default -> value.toString();
    };
  }

  private static String suffix(DataUnit unit) {
    return unit.name().charAt(0) + "B";
  }
}
