package com.elephantasm.events.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes JSON values, as text, most of which are at the edge of what the contract allows: just inside or just outside. Text and
 * not trees, since half of the edges are in how a value is written.
 */
final class HostileJson {
  private static final List<String> BLANKS = List.of(" ", "\\t", "\\n", "\\r", "\\u000b", "\\f", "\\u001c", "\\u001f",
      "\\u0085", "\u00a0", "\u1680", "\u2000", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000");
  private static final List<String> PIECES = List.of("a", "Z", "0", "é", "\u4e2d", "\ud83d\ude00", "\\ud83d\\ude00",
      "\udbff\udfff", "\\uFFFF", "\ufeff", "\u200b", "\u180e", "\\u0001", "\\u001b", "\\u0084", "\\u0086", "\\\\",
      "\\\"",
      "\\/", "\\\\u0000", "$", "^");
  private static final List<String> UNSTORABLE = List.of("\\u0000", "\\ud800", "\\udbff", "\\udc00", "\\uDFFF",
      "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00", "\\ud83dx");
  private static final List<String> NUMBERS = List.of("0", "1", "-0", "-0.0", "0.0", "0e0", "-0e5", "1e0", "1.0",
      "1E-0",
      "10e-1", "0.1e1", "0.01e2", "0.01e3", "1.00000000000000000001", "0.99999999999999999999", "1e-400", "-1e-400",
      "1e400", "-1e400", "1e99999999999", "1e-99999999999", "-1e-99999999999", "0e99999999999", "-0.00e-99999999999",
      "-0.001e-99999999999", "-0.000000001", "5e-324", "2e-324", "1e-2147483649", "0.5", "0.12345678901234567890123",
      "12345678901234567890", "-1", "2", "1.0000000000000000000000e0", "1e00000000000000000000", "4.9E-325");
  private static final List<String> OTHERS = List.of("null", "true", "false", "0", "1", "1.5", "\"\"", "\"null\"", "[]",
      "[[]]", "{}", "[null]", "{\"a\":1}", "\"true\"", "\"{}\"");

  private final Random random;

  HostileJson(Random random) {
    this.random = random;
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** A value of the wrong type, or of the right one by luck. */
  String other() {
    return chance(4) ? oneOf(List.of(text(), number(), timestamp(), uuid(), json(3))) : oneOf(OTHERS);
  }

  String text() {
    return '"' + characters() + '"';
  }

  private String characters() {
    return switch (below(8)) {
      case 0 -> "";
      case 1 -> repeat(below(4), () -> oneOf(BLANKS));
      case 2 -> oneOf(PIECES).repeat(oneOf(List.of(49, 50, 51, 99, 100, 101, 254, 255, 256)));
      case 3 -> oneOf(BLANKS).repeat(oneOf(List.of(50, 51, 100, 101, 255, 256)));
      case 4 -> repeat(below(4), () -> oneOf(PIECES)) + oneOf(UNSTORABLE) + repeat(below(3), () -> oneOf(PIECES));
      case 5 -> repeat(1 + below(3), () -> "\\u%04x".formatted(below(0x10000)));
      default -> repeat(1 + below(6), () -> oneOf(chance(4) ? BLANKS : PIECES));
    };
  }

  private static String repeat(int times, Supplier<String> piece) {
    StringBuilder pieces = new StringBuilder();
    for (int i = 0; i < times; i++) {
      pieces.append(piece.get());
    }
    return pieces.toString();
  }

  /** Text that the contract allows for every field, so that the other edges of a document are reached. */
  String plainText() {
    return '"' + repeat(1 + below(5), () -> oneOf(PIECES)) + '"';
  }

  String number() {
    return switch (below(4)) {
      case 0 -> Double.toString(random.nextDouble());
      case 1 -> Double.toString(Double.longBitsToDouble(random.nextLong() & 0xBFFF_FFFF_FFFF_FFFFL));
      default -> oneOf(NUMBERS);
    };
  }

  String uuid() {
    String valid = new UUID(random.nextLong(), random.nextLong()).toString();
    return '"' + switch (below(6)) {
      case 0 -> oneOf(List.of("", "{" + valid + "}", "urn:uuid:" + valid, valid.replace("-", ""), valid + "\\n",
          valid.substring(1), valid + "0", " " + valid, valid + "\\u0000", "1-1-1-1-1", valid.replaceFirst("-", "_")));
      case 1 -> changed(valid, "gG-0٣\uff11 ");
      case 2 -> valid.toUpperCase(Locale.ROOT);
      default -> valid;
    } + '"';
  }

  String timestamp() {
    String timestamp = oneOf(List.of("0000", "0001", "0004", "1582", "1900", "1970", "2000", "2023", "2024", "9999",
        "%04d".formatted(below(10000)))) + '-' + digits(13, 10) + '-' + digits(33, 5)
        + oneOf(List.of("T", "t", " ", "T"))
        + digits(25, 10) + ':' + digits(61, 10) + ':' + digits(61, 10) + fraction() + offset();
    return '"' + switch (below(8)) {
      case 0 -> changed(timestamp, "0129 -+:.TZtz٣");
      case 1 -> timestamp + oneOf(List.of("\\n", "\\r", "\\u0085", "\\u2028", " ", "Z", "\\u0000", "0"));
      default -> timestamp;
    } + '"';
  }

  /** Two digits from 00 to just below the bound, at the edge once in a while. */
  private String digits(int bound, int edgeOneIn) {
    int number = chance(edgeOneIn) ? oneOf(List.of(0, bound - 1, bound - 2, bound - 3, bound)) : 1 + below(bound - 2);
    return "%02d".formatted(Math.max(number, 0));
  }

  private String fraction() {
    return switch (below(6)) {
      case 0 -> "." + "7".repeat(oneOf(List.of(0, 1, 3, 6, 7, 9, 49, 50, 51)));
      case 1 -> ".123456";
      default -> "";
    };
  }

  private String offset() {
    return oneOf(
        List.of("Z", "z", "", "Z", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", "-24:00", "+01:60", "+0100",
            "+01", "-18:00", "+18:01", "+00:01"));
  }

  private String changed(String text, String alphabet) {
    StringBuilder changed = new StringBuilder(text);
    changed.setCharAt(below(text.length()), alphabet.charAt(below(alphabet.length())));
    return changed.toString();
  }

  String metadata() {
    return chance(12) ? nested(2 + below(40)) : object(4);
  }

  private String nested(int depth) {
    String innermost = chance(3) ? text() : plainText();
    return chance(2)
        ? "{\"a\":".repeat(depth) + innermost + "}".repeat(depth)
        : "{\"a\":" + "[".repeat(depth) + innermost + "]".repeat(depth) + "}";
  }

  private String json(int depth) {
    return switch (below(depth > 0 ? 9 : 7)) {
      case 0, 1, 2 -> plainText();
      case 3 -> chance(3) ? text() : plainText();
      case 4, 5 -> number();
      case 6 -> oneOf(List.of("null", "true", "false"));
      case 7 -> '[' + String.join(",", Collections.nCopies(below(4), json(depth - 1))) + ']';
      default -> object(depth);
    };
  }

  private String object(int depth) {
    List<String> members = new ArrayList<>();
    for (int i = below(4); i > 0; i--) {
      String name = chance(10) ? text() : plainText();
      // The number keeps the names apart: a member twice is not JSON for us.
      members.add(name.substring(0, name.length() - 1) + i + "\":" + json(depth - 1));
    }
    return '{' + String.join(",", members) + '}';
  }
}
