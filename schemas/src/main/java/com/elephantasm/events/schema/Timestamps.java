package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Timestamps as RFC 3339 writes them, with two liberties: the offset may be left out (UTC), and a space may stand for the T
 * (which its section 5.6 leaves to applications). No leap seconds; what is finer than a microsecond is cut off.
 */
public final class Timestamps {
  /** Of the date and the time to the second. */
  private static final int LENGTH = "2024-05-15T15:00:01".length();
  private static final int OFFSET_LENGTH = "+02:00".length();
  /** As many as the JSON Schema lets pass. */
  private static final int MAX_FRACTION = 50;
  private static final int NONE = -1;
  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

  private Timestamps() {}

  /** The moment, to the microsecond; null where the text is not a timestamp. */
  public static @Nullable Instant parse(String text) {
    // By hand, as a record of the log may have two: a regular expression makes a matcher and eight strings of each.
    if (text.length() < LENGTH || text.charAt(4) != '-' || text.charAt(7) != '-' || "Tt ".indexOf(text.charAt(10)) < 0
        || text.charAt(13) != ':' || text.charAt(16) != ':') {
      return null;
    }
    int year = number(text, 0, 4, 1, 9999);
    int month = number(text, 5, 2, 1, 12);
    int day = number(text, 8, 2, 1, 31);
    int hour = number(text, 11, 2, 0, 23);
    int minute = number(text, 14, 2, 0, 59);
    int second = number(text, 17, 2, 0, 59);
    if ((year | month | day | hour | minute | second) < 0 || day > YearMonth.of(year, month).lengthOfMonth()) {
      return null;
    }
    int fractionEnd = fractionEnd(text);
    Integer offset = fractionEnd < 0 ? null : offsetMinutes(text, fractionEnd);
    // An offset could take the moment out of the years 0001 to 9999.
    if (offset == null || (year == 1 || year == 9999) && offset != 0) {
      return null;
    }
    return LocalDateTime.of(year, month, day, hour, minute, second, 1000 * micros(text, fractionEnd))
        .toInstant(ZoneOffset.UTC).minus(offset, ChronoUnit.MINUTES);
  }

  /** As {@link Instant#toString} writes it, which takes ten times as long: an event has two. */
  static String format(Instant time) {
    if (time.isBefore(FIRST) || !time.isBefore(AFTER_LAST) || time.getNano() % 1000 != 0) {
      return time.toString();
    }
    LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    byte[] text = "0000-00-00T00:00:00.000000Z".getBytes(StandardCharsets.ISO_8859_1);
    write(text, 0, 4, utc.getYear());
    write(text, 5, 2, utc.getMonthValue());
    write(text, 8, 2, utc.getDayOfMonth());
    write(text, 11, 2, utc.getHour());
    write(text, 14, 2, utc.getMinute());
    write(text, 17, 2, utc.getSecond());
    int micros = time.getNano() / 1000;
    write(text, LENGTH + 1, 6, micros);
    // The fraction has no digits, three or six.
    int length = micros == 0 ? LENGTH : micros % 1000 == 0 ? LENGTH + 4 : LENGTH + 7;
    text[length] = 'Z';
    return new String(text, 0, length + 1, StandardCharsets.ISO_8859_1);
  }

  private static void write(byte[] text, int from, int digits, int number) {
    int rest = number;
    for (int i = from + digits - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** A number of so many digits of ASCII; negative where there is none, or not one of this range. */
  private static int number(String text, int from, int digits, int least, int most) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      number = 10 * number + digit;
    }
    return number < least || number > most ? NONE : number;
  }

  /** Where what follows the seconds and their fraction begins; negative where the fraction is none. */
  private static int fractionEnd(String text) {
    if (text.length() == LENGTH || text.charAt(LENGTH) != '.') {
      return LENGTH;
    }
    int end = LENGTH + 1;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    int digits = end - LENGTH - 1;
    return digits == 0 || digits > MAX_FRACTION ? NONE : end;
  }

  private static int micros(String text, int fractionEnd) {
    int micros = 0;
    for (int i = LENGTH + 1; i <= LENGTH + 6; i++) {
      micros = 10 * micros + (i < fractionEnd ? text.charAt(i) - '0' : 0);
    }
    return micros;
  }

  /** Not java.time's offsets: they end at 18 hours, RFC 3339's at 23:59. Null where it is none. */
  private static @Nullable Integer offsetMinutes(String text, int from) {
    int length = text.length() - from;
    if (length == 0 || length == 1 && "Zz".indexOf(text.charAt(from)) >= 0) {
      return 0;
    }
    if (length != OFFSET_LENGTH || "+-".indexOf(text.charAt(from)) < 0 || text.charAt(from + 3) != ':') {
      return null;
    }
    int hours = number(text, from + 1, 2, 0, 23);
    int minutes = number(text, from + 4, 2, 0, 59);
    if ((hours | minutes) < 0) {
      return null;
    }
    return (text.charAt(from) == '-' ? -1 : 1) * (60 * hours + minutes);
  }
}
