package com.elephantasm.events.schema;

import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * An array of JSON in UTF-8, cut into its elements without a look at what they mean. All of it is read by the grammar, since
 * where that is broken nobody can tell where one element ends and the next begins; but what is only beyond the limits of an
 * element (depth, a long number, a member twice) is left for whoever decodes the element to find.
 */
public final class JsonArray {
  /** One context for each level is kept while the array is read: some 15 MB. */
  private static final int MAX_DEPTH = 250_000;
  private static final int MAX_LENGTH = 2 * 1024 * 1024;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private static final JsonFactory FACTORY = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNumberLength(MAX_LENGTH)
          .maxNameLength(MAX_LENGTH).build())
      .build();

  private final byte[] json;
  private int[] bounds = new int[64];
  private int size;

  private JsonArray(byte[] json) {
    this.json = json;
  }

  /**
   * Reads an array.
   *
   * @param maxElements after one more than these reading stops, and {@link #size()} tells
   * @return malformed for what is not JSON, invalid for JSON that is no array
   */
  public static Decoded<JsonArray> read(byte[] json, int maxElements) {
    int start = startsWith(json, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    // The parser would guess UTF-16 and UTF-32 by these.
    for (int i = start; i < Math.min(start + 4, json.length); i++) {
      if (json[i] == 0 || (json[i] & 0xFF) >= 0xFE) {
        return new Decoded.Malformed<>(Json.at("not valid UTF-8", 1, i + 1));
      }
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json, start, json.length - start)) {
      return new JsonArray(json).read(parser, start, maxElements);
    }
  }

  private static boolean startsWith(byte[] json, byte[] prefix) {
    return json.length >= prefix.length && Arrays.equals(json, 0, prefix.length, prefix, 0, prefix.length);
  }

  private Decoded<JsonArray> read(JsonParser parser, int start, int maxElements) {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return new Decoded.Malformed<>(Json.at("empty: expected a JSON array", 1, 1));
      }
      if (first != JsonToken.START_ARRAY) {
        return new Decoded.Invalid<>(
            List.of(new Violation("", "must be a JSON array, was " + FieldReader.kind(first))));
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        int from = start + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        add(from, start + (int) parser.currentLocation().getByteOffset());
        if (size > maxElements) {
          return new Decoded.Valid<>(this);
        }
      }
      return parser.nextToken() == null
          ? new Decoded.Valid<>(this)
          : new Decoded.Malformed<>(
              ObjectDecoder.at("text after the end of the JSON value", parser.currentTokenLocation()));
    } catch (JacksonException e) {
      return new Decoded.Malformed<>(ObjectDecoder.explain(e, parser));
    }
  }

  private void add(int from, int to) {
    if (2 * size == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * size] = from;
    bounds[2 * size + 1] = to;
    size++;
  }

  public int size() {
    return size;
  }

  /** The text of an element, as it was sent. */
  public byte[] element(int index) {
    return Arrays.copyOfRange(json, bounds[2 * index], bounds[2 * index + 1]);
  }
}
