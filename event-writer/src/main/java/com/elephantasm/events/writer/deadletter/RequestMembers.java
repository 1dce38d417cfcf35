package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.schema.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of a small JSON object that says what is to be done.
 *
 * @param plain strings, numbers and booleans, as text; {@code null} counts as not there
 * @param value the member of that name, by the letter as it was sent: what it holds is not read here
 */
record RequestMembers(Map<String, List<String>> plain, byte @Nullable [] value) {
  private static final String VALUE = "value";
  /** The value may be as deep as an event. */
  private static final int MAX_DEPTH = 1001;

  private static final JsonFactory FACTORY = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build()).build();

  static final RequestMembers NONE = new RequestMembers(Map.of(), null);

  static RequestMembers read(Optional<JsonBody> body, boolean takesValue) {
    return body.map(json -> read(json, takesValue)).orElse(NONE);
  }

  /**
   * @param takesValue whether there may be a member {@code value}
   * @throws ProblemException 400 where the body is not JSON, 422 where it is not such an object
   */
  static RequestMembers read(JsonBody body, boolean takesValue) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.bytes())).toString();
      try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
        return read(parser, text, takesValue);
      }
    } catch (JacksonException e) {
      throw JsonBody.malformed(e.getOriginalMessage());
    } catch (CharacterCodingException _) {
      throw JsonBody.malformed("not valid UTF-8");
    }
  }

  private static RequestMembers read(JsonParser parser, String text, boolean takesValue) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw invalid("", "must be a JSON object");
    }
    Map<String, List<String>> plain = new TreeMap<>();
    byte[] value = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (takesValue && name.equals(VALUE)) {
        value = value(parser, text, token);
      } else if (token.isStructStart()) {
        throw invalid("/" + name, "must not be " + (token == JsonToken.START_OBJECT ? "an object" : "an array"));
      } else if (token != JsonToken.VALUE_NULL) {
        plain.put(name, List.of(parser.getString()));
      }
    }
    if (parser.nextToken() != null) {
      throw JsonBody.malformed("text after the end of the JSON value");
    }
    return new RequestMembers(plain, value);
  }

  private static byte[] value(JsonParser parser, String text, JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      throw invalid("/" + VALUE, "must be a JSON object: the value that the record is to have");
    }
    int from = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return text.substring(from, (int) parser.currentLocation().getCharOffset()).getBytes(StandardCharsets.UTF_8);
  }

  private static ProblemException invalid(String pointer, String message) {
    return Problem.invalid(InvalidInput.body(new Violation(pointer, message))).asException();
  }
}
