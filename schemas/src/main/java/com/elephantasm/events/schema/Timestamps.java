package com.elephantasm.events.schema;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Timestamps as RFC 3339 writes them, with two liberties: the offset may be left out (UTC), and a space may stand for the T
 * (which its section 5.6 leaves to applications). No leap seconds; what is finer than a microsecond is cut off.
 */
public final class Timestamps {
  /**
   * The pattern of the JSON Schema but for the days of each month, with groups: year, month, day, hour, minute, second,
   * fraction, offset. In the years 0001 and 9999, where an offset could take the moment out of these years, it must be zero.
   */
  private static final Pattern FORM = Pattern.compile(
      "(?!0000)(?!(?:0001|9999).{7}[^+-]*[+-](?!00:00))" + "([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
          + "[Tt ]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\\.([0-9]{1,50}))?"
          + "([Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?");

  private Timestamps() {}

  /** The moment, to the microsecond; null where the text is not a timestamp. */
  public static @Nullable Instant parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    int year = number(matcher, 1);
    int month = number(matcher, 2);
    int day = number(matcher, 3);
    if (day > YearMonth.of(year, month).lengthOfMonth()) {
      return null;
    }
    LocalDateTime local = LocalDateTime.of(year, month, day, number(matcher, 4), number(matcher, 5), number(matcher, 6),
        micros(matcher.group(7)) * 1000);
    return local.toInstant(ZoneOffset.UTC).minus(offsetMinutes(matcher.group(8)), ChronoUnit.MINUTES);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  private static int micros(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000").substring(0, 6));
  }

  /** By hand: java.time's offsets end at 18 hours, RFC 3339's at 23:59. */
  private static int offsetMinutes(@Nullable String offset) {
    if (offset == null || offset.length() == 1) {
      return 0;
    }
    int minutes = Integer.parseInt(offset.substring(1, 3)) * 60 + Integer.parseInt(offset.substring(4, 6));
    return offset.charAt(0) == '-' ? -minutes : minutes;
  }
}
