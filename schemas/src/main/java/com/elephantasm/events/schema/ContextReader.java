package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes the context attributes of one CloudEvent, each in its canonical form, and says what is wrong with each. */
final class ContextReader {
  /** CloudEvents says that names should have at most 20 characters, so longer ones there are. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
  private static final int MAX_IDENTITY_LENGTH = 1024;
  private static final int MAX_LENGTH = 4096;
  /** Each becomes a header of the record, which every reader of the log walks through. */
  private static final int MAX_EXTENSIONS = 100;
  private static final Pattern TIMESTAMP_WITH_OFFSET = Pattern.compile("[^Zz]{19,70}(?:[Zz]|[+-][0-9]{2}:[0-9]{2})");
  /** Parameters that change nothing about JSON are let through, as HTTP's are: any but another charset. */
  private static final Pattern JSON = Pattern.compile("(?i)application/json"
      + "(?:[ \t]*;[ \t]*(?:charset=(?:utf-8|\"utf-8\")|(?!charset=)[!#$%&'*+.^_`|~0-9a-z-]+="
      + "(?:[!#$%&'*+.^_`|~0-9a-z-]+|\"[^\"\\\\]*\")))*+");
  private static final int MAX_MEDIA_TYPE_LENGTH = 255;

  private final String type;
  private final Set<String> taken = new HashSet<>();
  private final SortedMap<String, String> extensions = new TreeMap<>();
  private @Nullable String source;
  private @Nullable String id;
  private @Nullable Instant time;
  private @Nullable String subject;
  private @Nullable String dataSchema;

  /**
   * @param type the only one that is taken
   */
  ContextReader(String type) {
    this.type = type;
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Whether CloudEvents itself defines the attribute. */
  static boolean isCore(String name) {
    return switch (name) {
      case "specversion", "type", "source", "id", "time", "subject", "dataschema", "datacontenttype" -> true;
      default -> false;
    };
  }

  /** Whether an extension can have the name: {@code data} is reserved. */
  static boolean isExtension(String name) {
    return isName(name) && !isCore(name) && !name.equals("data");
  }

  /** What is wrong with an attribute, as the end of a sentence that begins with its name; null where nothing is. */
  @Nullable
  String take(String name, String value) {
    taken.add(name);
    String problem = textProblem(value, name.equals("id") || name.equals("source") ? MAX_IDENTITY_LENGTH : MAX_LENGTH);
    if (problem != null) {
      return problem;
    }
    return switch (name) {
      case "specversion" -> value.equals("1.0") ? null : "must be 1.0";
      case "type" -> value.equals(type) ? null : "must be " + type;
      case "source" -> takeSource(value);
      case "id" -> {
        id = value;
        yield nonEmpty(value);
      }
      case "time" -> takeTime(value);
      case "subject" -> {
        subject = value;
        yield nonEmpty(value);
      }
      case "dataschema" -> {
        dataSchema = value;
        yield UriReferences.isUri(value) ? null : "must be a URI (RFC 3986)";
      }
      case "datacontenttype" -> isJson(value) ? null : "must be application/json, in UTF-8";
      default -> takeExtension(name, value);
    };
  }

  /** Says that an attribute is there, though its value is none. */
  void takeUnreadable(String name) {
    taken.add(name);
  }

  private @Nullable String takeSource(String value) {
    source = value;
    if (value.isEmpty()) {
      return "must not be empty";
    }
    return UriReferences.isReference(value) ? null : "must be a URI reference (RFC 3986)";
  }

  /** Without the liberties that {@code occurred_at} has: what CloudEvents calls a timestamp has an offset. */
  private @Nullable String takeTime(String value) {
    time = TIMESTAMP_WITH_OFFSET.matcher(value).matches() ? Timestamps.parse(value) : null;
    return time == null
        ? "must be an RFC 3339 timestamp of the years 0001 to 9999 with an offset, such as 2024-05-15T15:00:01.123456Z"
        : null;
  }

  private @Nullable String takeExtension(String name, String value) {
    if (!isExtension(name)) {
      return "is no name of an attribute: 1 to 64 of a to z and 0 to 9, and not data";
    }
    if (extensions.size() == MAX_EXTENSIONS) {
      return "is one too many: an event has at most %d extension attributes".formatted(MAX_EXTENSIONS);
    }
    extensions.put(name, value);
    return null;
  }

  private static @Nullable String nonEmpty(String value) {
    return value.isEmpty() ? "must not be empty" : null;
  }

  /** CloudEvents 1.0.2, type system: a String has no control characters, no noncharacters and no unpaired surrogates. */
  private static @Nullable String textProblem(String value, int maxLength) {
    int length = 0;
    for (int i = 0; i < value.length(); length++) {
      int character = value.codePointAt(i);
      if (Character.getType(character) == Character.CONTROL) {
        return "must not contain control characters (U+%04X)".formatted(character);
      }
      if (Character.getType(character) == Character.SURROGATE) {
        return "must not contain an unpaired surrogate (U+%04X)".formatted(character);
      }
      if ((character & 0xFFFE) == 0xFFFE || character >= 0xFDD0 && character <= 0xFDEF) {
        return "must not contain what Unicode calls a noncharacter (U+%04X)".formatted(character);
      }
      i += Character.charCount(character);
    }
    return length > maxLength ? "must be at most %d characters, was %d".formatted(maxLength, length) : null;
  }

  /** The attributes that every CloudEvent has and this one has not. */
  List<String> missing() {
    return List.of("specversion", "type", "source", "id").stream().filter(name -> !taken.contains(name)).toList();
  }

  /** Called only where nothing is wrong and nothing missing. */
  CloudEventContext build() {
    return new CloudEventContext(requireNonNull(source), requireNonNull(id), time, subject, dataSchema, extensions);
  }

  /** Whether a content type is that of one CloudEvent in JSON, the only one of CloudEvents' formats that we read. */
  static boolean isCloudEventInJson(String contentType) {
    String prefix = "application/cloudevents+json";
    return contentType.regionMatches(true, 0, prefix, 0, prefix.length())
        && isJson("application/json" + contentType.substring(prefix.length()));
  }

  private static boolean isJson(String contentType) {
    return contentType.length() <= MAX_MEDIA_TYPE_LENGTH && JSON.matcher(contentType).matches();
  }
}
