package com.elephantasm.events.schema;

import java.util.function.Function;
import java.util.stream.Collectors;

/** What a record of the log says. */
public sealed interface DecodedChange {
  record Readable(Change change) implements DecodedChange {}

  /**
   * @param detail what is wrong with it, for a person
   */
  record Unreadable(RejectionReason reason, String detail) implements DecodedChange {}

  static DecodedChange of(Decoded<? extends Change> decoded) {
    return of(decoded, change -> change);
  }

  static <T> DecodedChange of(Decoded<T> decoded, Function<? super T, ? extends Change> toChange) {
    return switch (decoded) {
      case Decoded.Valid<T>(T value) -> new Readable(toChange.apply(value));
      case Decoded.Malformed<T>(String detail) -> new Unreadable(RejectionReason.MALFORMED, detail);
      case Decoded.Invalid<T>(var violations) -> new Unreadable(RejectionReason.INVALID,
          violations.stream().map(v -> (v.pointer() + " " + v.message()).strip()).collect(Collectors.joining("; ")));
    };
  }
}
