package com.elephantasm.events.schema;

import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;

/**
 * Reads one JSON object in one pass, straight into fields: no tree is built, and everything that is wrong is found, not only
 * the first thing.
 *
 * @param <T> what the object means
 */
abstract class ObjectDecoder<T> {
  /** Where a Jackson message tells programmers of its own settings and of the place where the value began. */
  private static final Pattern HINTS = Pattern
      .compile("(?s)(?: \\(start marker at|(?:,| \\()? ?not recognized as one|: enable `|\n).*|, from `[^`]*`");

  /**
   * Takes the value of a member.
   *
   * @return whether the contract names such a member; if not, the value must be left untouched
   */
  abstract boolean member(String name, FieldReader value);

  /** Called after the last member, to report what is missing. */
  abstract void end(FieldReader reader);

  /** Called only where nothing is wrong. */
  abstract T build();

  static <T> Decoded<T> decode(byte[] json, UnknownFields unknownFields, ObjectDecoder<T> decoder) {
    return decode(json, unknownFields, decoder, Json::parser);
  }

  static <T> Decoded<T> decode(byte[] json, UnknownFields unknownFields, ObjectDecoder<T> decoder,
      Function<String, JsonParser> parsers) {
    String text;
    try {
      text = Json.utf8(json);
    } catch (CharacterCodingException _) {
      return new Decoded.Malformed<>(Json.notUtf8(json));
    }
    try (JsonParser parser = parsers.apply(text)) {
      return decoder.decode(parser, unknownFields);
    }
  }

  private Decoded<T> decode(JsonParser parser, UnknownFields unknownFields) {
    try {
      return decodeAll(parser, unknownFields);
    } catch (JacksonException e) {
      return new Decoded.Malformed<>(explain(e, parser));
    }
  }

  private Decoded<T> decodeAll(JsonParser parser, UnknownFields unknownFields) {
    FieldReader reader = new FieldReader(parser);
    JsonToken first = parser.nextToken();
    if (first == null) {
      return new Decoded.Malformed<>(at("empty: expected a JSON object", parser.currentLocation()));
    }
    if (first == JsonToken.START_OBJECT) {
      readMembers(reader, unknownFields);
      end(reader);
    } else {
      reader.report("", "must be a JSON object, was " + FieldReader.kind(first));
      parser.skipChildren();
    }
    if (parser.nextToken() != null) {
      return new Decoded.Malformed<>(at("text after the end of the JSON value", parser.currentTokenLocation()));
    }
    List<Violation> violations = reader.violations();
    return violations.isEmpty() ? new Decoded.Valid<>(build()) : new Decoded.Invalid<>(violations);
  }

  /** Reads an object inside the one at hand; the parser stands on its first token. */
  @Nullable
  T decodeNested(FieldReader reader, UnknownFields unknownFields) {
    readMembers(reader, unknownFields);
    end(reader);
    return reader.violations().isEmpty() ? build() : null;
  }

  private void readMembers(FieldReader reader, UnknownFields unknownFields) {
    int members = 0;
    while (reader.nextMember()) {
      members++;
      if (!member(reader.name(), reader)) {
        if (unknownFields == UnknownFields.REJECT) {
          reader.reportUnknown();
        }
        reader.skip();
      }
    }
    if (members == 0 && unknownFields == UnknownFields.REJECT && emptyIsAnError()) {
      reader.report("", "must have at least one field that is to change");
    }
  }

  /** At the HTTP boundary an amendment of nothing is a mistake; on the topic it does no harm. */
  boolean emptyIsAnError() {
    return false;
  }

  /** Jackson's message without what the sender can make nothing of, and the place, which its errors of limits leave out. */
  static String explain(JacksonException e, JsonParser parser) {
    TokenStreamLocation place = e.getLocation();
    // It quotes half of a character beyond U+FFFF, which no outcome could hold.
    String message = MetadataReader.printable(HINTS.matcher(e.getOriginalMessage()).replaceAll(""));
    return at(message, place == null ? parser.currentLocation() : place);
  }

  static String at(String sentence, TokenStreamLocation place) {
    return Json.at(sentence, place.getLineNr(), place.getColumnNr());
  }
}
