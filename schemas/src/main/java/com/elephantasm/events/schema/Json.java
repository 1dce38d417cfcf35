package com.elephantasm.events.schema;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;

/** JSON as RFC 8259 has it and I-JSON (RFC 7493) narrows it: UTF-8, no member twice. */
final class Json {
  /** Deeper than people or programs write, and shallow enough for any reader's stack. */
  static final int MAX_DEPTH = 1000;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final JsonFactory FACTORY = factory(MAX_DEPTH);

  /** An outcome or a CloudEvent wraps an event that may be as deep as any, so it is one level deeper. */
  private static final JsonFactory ENVELOPES = factory(MAX_DEPTH + 1);

  private Json() {}

  private static JsonFactory factory(int maxDepth) {
    return JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(maxDepth).build())
        .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(maxDepth).build()).build();
  }

  static JsonParser parser(String json) {
    return FACTORY.createParser(ObjectReadContext.empty(), json);
  }

  static JsonParser envelopeParser(String json) {
    return ENVELOPES.createParser(ObjectReadContext.empty(), json);
  }

  static JsonGenerator generator(ByteArrayOutputStream target) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), target);
  }

  static byte[] bytes(Consumer<JsonGenerator> writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = generator(bytes)) {
      writer.accept(generator);
    }
    return bytes.toByteArray();
  }

  /**
   * The text that some bytes are, by the letter of UTF-8: Jackson's own decoder lets overlong forms and encoded surrogates
   * pass. A byte order mark at the start is ignored, as RFC 8259 (section 8.1) allows.
   */
  static String utf8(byte[] bytes) throws CharacterCodingException {
    // The decoder that replaces is several times faster than the one that reports; text with U+FFFD in it is rare.
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /** Says where bytes that {@link #utf8} refuses stop being text. */
  static String notUtf8(byte[] bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true);
    String valid = text.flip().toString();
    int lines = (int) valid.chars().filter(c -> c == '\n').count();
    return at("not valid UTF-8", lines + 1, valid.length() - valid.lastIndexOf('\n'));
  }

  static String at(String sentence, int line, int column) {
    return String.format(Locale.ROOT, "%s (line %d, column %d)", sentence, line, column);
  }
}
