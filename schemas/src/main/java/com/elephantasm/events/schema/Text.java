package com.elephantasm.events.schema;

import org.jspecify.annotations.Nullable;

/**
 * The rules for strings: what PostgreSQL can hold (no NUL, no unpaired surrogate), how long in code points, and what counts as
 * blank. The JSON Schemas say the same; the two are held together by a test.
 */
final class Text {
  static final int UNBOUNDED = Integer.MAX_VALUE;

  private Text() {}

  /** What is wrong with it, as the end of a sentence that begins with the field's name; null where nothing is. */
  static @Nullable String problem(String value, int maxLength, boolean blankAllowed) {
    int pairs = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0) {
        return "must not contain NUL (U+0000): PostgreSQL cannot store it";
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c) || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          return "must not contain an unpaired surrogate (U+%04X)".formatted((int) c);
        }
        pairs++;
        i++;
      }
    }
    int length = value.length() - pairs;
    if (length > maxLength) {
      return "must be at most %d characters, was %d".formatted(maxLength, length);
    }
    return !blankAllowed && isBlank(value) ? "must not be blank" : null;
  }

  private static boolean isBlank(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!isBlank(value.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static void check(String field, @Nullable String value, int maxLength, boolean blankAllowed) {
    String problem = value == null ? null : problem(value, maxLength, blankAllowed);
    if (problem != null) {
      throw new IllegalArgumentException(field + " " + problem);
    }
  }

  /** Unicode's White_Space and the four separators of ASCII, which programmers take for blank too (U+001C to U+001F). */
  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
