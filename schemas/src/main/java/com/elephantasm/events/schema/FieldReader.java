package com.elephantasm.events.schema;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the members of an object, one value at a time, and collects what is wrong with them. */
final class FieldReader {
  /** Enough to mend a request by; more would only make the answer to a hostile one large. */
  static final int MAX_VIOLATIONS = 100;
  private static final int UUID_LENGTH = 36;
  /** A number none of whose digits before the exponent says anything. */
  private static final Pattern ZERO = Pattern.compile("-?[0.]++(?![1-9])");

  private final JsonParser parser;
  private final List<Violation> violations = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  FieldReader(JsonParser parser) {
    this.parser = parser;
  }

  List<Violation> violations() {
    return violations;
  }

  void report(String pointer, String message) {
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(new Violation(pointer, message));
    }
  }

  void report(String message) {
    report(pointer(name()), message);
  }

  /** A name that holds no text (RFC 6901 has no form for it) is shown with its bad characters replaced. */
  static String pointer(String name) {
    String shown = name.length() <= 100 ? name : name.substring(0, 100) + "…";
    return "/" + MetadataReader.printable(shown).replace("~", "~0").replace("/", "~1");
  }

  void reportUnknown() {
    report("is not a field of this resource");
  }

  boolean nextMember() {
    if (parser.nextToken() != JsonToken.PROPERTY_NAME) {
      return false;
    }
    seen.add(name());
    parser.nextToken();
    return true;
  }

  String name() {
    return parser.currentName();
  }

  void skip() {
    parser.skipChildren();
  }

  JsonParser parser() {
    return parser;
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  void require(String... names) {
    for (String name : names) {
      if (!seen.contains(name)) {
        report("/" + name, "is required");
      }
    }
  }

  /** Reads a value that may be null in JSON, which means the same as leaving it out. */
  <V> @Nullable V optional(Function<FieldReader, @Nullable V> read) {
    return isNull() ? null : read.apply(this);
  }

  /** Reads a member of an amendment whose field can lose its value. */
  <V> FieldChange<V> nullable(Function<FieldReader, @Nullable V> read) {
    return isNull() ? new FieldChange.Cleared<>() : required(read);
  }

  /** Reads a member of an amendment whose field always has a value. */
  <V> FieldChange<V> required(Function<FieldReader, @Nullable V> read) {
    V value = read.apply(this);
    return value == null ? new FieldChange.Unchanged<>() : new FieldChange.SetTo<>(value);
  }

  @Nullable
  String text() {
    return text(Text.UNBOUNDED, true);
  }

  @Nullable
  String text(int maxLength, boolean blankAllowed) {
    if (isNot(JsonToken.VALUE_STRING, "a string")) {
      return null;
    }
    String value = parser.getString();
    String problem = Text.problem(value, maxLength, blankAllowed);
    if (problem != null) {
      report(problem);
      return null;
    }
    return value;
  }

  @Nullable
  DedupeKey dedupeKey() {
    String value = text(DedupeKey.MAX_LENGTH, false);
    return value == null ? null : new DedupeKey(value);
  }

  @Nullable
  UUID uuid() {
    if (isNot(JsonToken.VALUE_STRING, "a UUID")) {
      return null;
    }
    String value = parser.getString();
    if (!isUuid(value)) {
      report("must be a UUID of 36 characters, such as 4ed77144-2596-5006-899e-2dbe2ab3832e");
      return null;
    }
    return UUID.fromString(value);
  }

  /** By the form of RFC 9562 (section 4): {@link UUID#fromString} takes shorter groups of digits, too. */
  private static boolean isUuid(String text) {
    if (text.length() != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text.charAt(i) != '-' : !HexFormat.isHexDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  @Nullable
  Instant timestamp() {
    if (isNot(JsonToken.VALUE_STRING, "a timestamp")) {
      return null;
    }
    Instant value = Timestamps.parse(parser.getString());
    if (value == null) {
      report(
          "must be an RFC 3339 timestamp of the years 0001 to 9999, such as 2024-05-15T15:00:01.123456Z; no offset means UTC");
    }
    return value;
  }

  /** Compared as the decimal number that was sent: rounding it first would let 1.00000000000000000001 pass. */
  @Nullable
  Double fraction() {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      isNot(JsonToken.VALUE_NUMBER_FLOAT, "a number from 0 to 1");
      return null;
    }
    String number = parser.getString();
    double value = Double.parseDouble(number);
    if (!isFraction(number, value)) {
      report("must be from 0 to 1");
      return null;
    }
    return Math.abs(value);
  }

  /** Rounding keeps the order, so only what became 0 or 1 can have come from outside. */
  private static boolean isFraction(String number, double rounded) {
    if (rounded == 0) {
      return number.charAt(0) != '-' || ZERO.matcher(number).lookingAt();
    }
    return rounded == 1 ? new BigDecimal(number).compareTo(BigDecimal.ONE) <= 0 : rounded > 0 && rounded < 1;
  }

  @Nullable
  Boolean bool() {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      isNot(JsonToken.VALUE_TRUE, "true or false");
      return null;
    }
    return token == JsonToken.VALUE_TRUE;
  }

  @Nullable
  Metadata metadata() {
    if (isNot(JsonToken.START_OBJECT, "a JSON object")) {
      return null;
    }
    int before = violations.size();
    String name = name();
    String json = new MetadataReader(parser, problem -> report(pointer(name), problem)).copy();
    return violations.size() == before ? new Metadata(json) : null;
  }

  /** Reads the object that this member holds. */
  <V> @Nullable V nested(ObjectDecoder<V> decoder, UnknownFields unknownFields) {
    if (isNot(JsonToken.START_OBJECT, "a JSON object")) {
      return null;
    }
    FieldReader inner = new FieldReader(parser);
    V value = decoder.decodeNested(inner, unknownFields);
    inner.violations.forEach(v -> report(pointer(name()) + v.pointer(), v.message()));
    return value;
  }

  private boolean isNot(JsonToken wanted, String description) {
    JsonToken token = parser.currentToken();
    if (token == wanted) {
      return false;
    }
    report("must be %s, was %s".formatted(description, kind(token)));
    skip();
    return true;
  }

  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT -> "no value";
    };
  }
}
