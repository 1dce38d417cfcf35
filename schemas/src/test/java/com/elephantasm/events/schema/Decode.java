package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what a test knows to be valid, or to be invalid. */
final class Decode {
  private Decode() {}

  static NewEvent newEvent(String json) {
    return valid(NewEvent.fromJson(json.getBytes(StandardCharsets.UTF_8), UnknownFields.REJECT));
  }

  static <T> T valid(Decoded<T> decoded) {
    return switch (decoded) {
      case Decoded.Valid<T>(T value) -> value;
      case Decoded.Invalid<T>(var violations) -> throw new AssertionError(violations);
      case Decoded.Malformed<T>(String detail) -> throw new AssertionError(detail);
    };
  }

  static List<Violation> violations(Decoded<?> decoded) {
    if (decoded instanceof Decoded.Invalid<?>(var violations)) {
      return violations;
    }
    throw new AssertionError("not invalid: " + decoded);
  }
}
