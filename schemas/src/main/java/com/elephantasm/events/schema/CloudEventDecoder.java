package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the JSON event format for CloudEvents 1.0.2: the attributes itself, the data by another decoder. */
final class CloudEventDecoder<T> extends ObjectDecoder<CloudEvent<T>> {
  private static final int MAX_INTEGER_LENGTH = "-2147483648".length();

  private final UnknownFields unknownFields;
  private final ContextReader context;
  private final ObjectDecoder<T> dataDecoder;
  private boolean plain;
  private boolean encoded;
  private @Nullable T data;

  private CloudEventDecoder(UnknownFields unknownFields, String type, ObjectDecoder<T> dataDecoder) {
    this.unknownFields = unknownFields;
    this.context = new ContextReader(type);
    this.dataDecoder = dataDecoder;
  }

  /**
   * @param type the only one that is taken
   */
  static <T> Decoded<CloudEvent<T>> decode(byte[] json, UnknownFields unknownFields, String type,
      ObjectDecoder<T> data) {
    return decode(json, unknownFields, new CloudEventDecoder<>(unknownFields, type, data), Json::envelopeParser);
  }

  /** The type alone, which may stand after the data that it is the type of; null where none can be read. */
  static @Nullable String type(byte[] json) {
    Decoded<Optional<String>> decoded = decode(json, UnknownFields.IGNORE, new TypeDecoder(), Json::envelopeParser);
    return decoded instanceof Decoded.Valid<Optional<String>>(Optional<String> type) ? type.orElse(null) : null;
  }

  private static final class TypeDecoder extends ObjectDecoder<Optional<String>> {
    private Optional<String> type = Optional.empty();

    @Override
    boolean member(String name, FieldReader value) {
      if (name.equals("type") && value.parser().currentToken() == JsonToken.VALUE_STRING) {
        type = Optional.of(value.parser().getString());
      }
      return false;
    }

    @Override
    void end(FieldReader reader) {}

    @Override
    Optional<String> build() {
      return type;
    }
  }

  @Override
  boolean member(String name, FieldReader value) {
    switch (name) {
      case "data" -> {
        plain = true;
        data = value.nested(dataDecoder, unknownFields);
      }
      case "data_base64" -> {
        if (!value.isNull()) {
          encoded = true;
          data = decoded(value);
        }
      }
      default -> {
        if (!ContextReader.isName(name)) {
          return false;
        }
        attribute(name, value);
      }
    }
    return true;
  }

  private @Nullable T decoded(FieldReader value) {
    String text = value.text();
    if (text == null) {
      return null;
    }
    byte[] json;
    try {
      json = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      value.report("must be Base64 (RFC 4648, section 4)");
      return null;
    }
    return switch (decode(json, unknownFields, dataDecoder)) {
      case Decoded.Valid<T>(T decoded) -> decoded;
      case Decoded.Invalid<T>(var violations) -> {
        violations.forEach(v -> value.report(("decoded, " + v.pointer()).strip() + " " + v.message()));
        yield null;
      }
      case Decoded.Malformed<T>(String detail) -> {
        value.report("must be JSON when it is decoded: " + detail);
        yield null;
      }
    };
  }

  /** {@code null} means that an attribute is not there (section 2.2). */
  private void attribute(String name, FieldReader value) {
    if (value.isNull()) {
      return;
    }
    String text = canonical(name, value.parser());
    String problem;
    if (text == null) {
      context.takeUnreadable(name);
      problem = ContextReader.isCore(name)
          ? "must be a string, was " + FieldReader.kind(value.parser().currentToken())
          : "must be a string, a boolean or an integer of 32 bits";
      value.skip();
    } else {
      problem = context.take(name, text);
    }
    if (problem != null) {
      value.report(problem);
    }
  }

  /** The canonical string of a value that an attribute can have; null for others. */
  private static @Nullable String canonical(String name, JsonParser value) {
    JsonToken token = value.currentToken();
    return switch (token) {
      case VALUE_STRING -> value.getString();
      case VALUE_TRUE, VALUE_FALSE ->
        ContextReader.isCore(name) ? null : Boolean.toString(token == JsonToken.VALUE_TRUE);
      case VALUE_NUMBER_INT -> ContextReader.isCore(name) ? null : integer(value.getString());
      default -> null;
    };
  }

  private static @Nullable String integer(String digits) {
    if (digits.length() > MAX_INTEGER_LENGTH) {
      return null;
    }
    long number = Long.parseLong(digits);
    return number == (int) number ? digits : null;
  }

  @Override
  void end(FieldReader reader) {
    context.missing().forEach(name -> reader.report(FieldReader.pointer(name), "is required"));
    if (!plain && !encoded) {
      reader.report("/data", "is required");
    } else if (plain && encoded) {
      reader.report("/data_base64", "must not be there beside data");
    }
  }

  @Override
  CloudEvent<T> build() {
    return new CloudEvent<>(context.build(), requireNonNull(data));
  }
}
