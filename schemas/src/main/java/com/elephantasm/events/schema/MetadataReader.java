package com.elephantasm.events.schema;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Copies a JSON object as its text, token by token: numbers letter by letter, never through a binary type, and with the rules
 * for text applied to every string and name inside.
 */
final class MetadataReader {
  private static final Pattern UNSTORABLE = Pattern.compile("[\\x{0}\\x{D800}-\\x{DFFF}]");

  private final JsonParser parser;
  private final Consumer<String> report;

  /** The parser stands on the first token of the object. */
  MetadataReader(JsonParser parser, Consumer<String> report) {
    this.parser = parser;
    this.report = report;
  }

  /** Leaves the parser on the last token of the object. Where something was reported, the text is of no use. */
  String copy() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (JsonGenerator copy = Json.generator(bytes)) {
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copyToken(token, copy);
      } while (depth > 0 && parser.nextToken() != null);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private void copyToken(JsonToken token, JsonGenerator copy) {
    switch (token) {
      case START_OBJECT -> copy.writeStartObject();
      case END_OBJECT -> copy.writeEndObject();
      case START_ARRAY -> copy.writeStartArray();
      case END_ARRAY -> copy.writeEndArray();
      case PROPERTY_NAME -> copy.writeName(checked(parser.currentName(), "a name in it "));
      case VALUE_STRING -> copy.writeString(checked(parser.getString(), "a string in it "));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> copy.writeNumber(parser.getString());
      case VALUE_TRUE -> copy.writeBoolean(true);
      case VALUE_FALSE -> copy.writeBoolean(false);
      case VALUE_NULL -> copy.writeNull();
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
        throw new IllegalStateException("JSON text has no such token: " + token);
    }
  }

  private String checked(String text, String subject) {
    @Nullable
    String problem = Text.problem(text, Text.UNBOUNDED, true);
    if (problem == null) {
      return text;
    }
    report.accept(subject + problem);
    return printable(text);
  }

  /** The text with whatever cannot be written replaced by U+FFFD. */
  static String printable(String text) {
    return UNSTORABLE.matcher(text).replaceAll("\uFFFD");
  }
}
