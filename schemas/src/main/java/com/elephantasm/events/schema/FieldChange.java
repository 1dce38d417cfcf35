package com.elephantasm.events.schema;

import org.jspecify.annotations.Nullable;

/** What an amendment does to one field: JSON tells an absent member from {@code null}, and so must we (as RFC 7396 does). */
public sealed interface FieldChange<T> {
  /** The member was absent: the field stays as it is. */
  record Unchanged<T>() implements FieldChange<T> {}

  /** The member was {@code null}: the field loses its value. */
  record Cleared<T>() implements FieldChange<T> {}

  record SetTo<T>(T value) implements FieldChange<T> {}

  /** The field's value afterwards, of one that can be cleared. */
  default @Nullable T appliedTo(@Nullable T current) {
    return switch (this) {
      case Unchanged<T> _ -> current;
      case Cleared<T> _ -> null;
      case SetTo<T>(T value) -> value;
    };
  }

  /** The field's value afterwards, of one that always has a value; the codec refuses {@code null} for these. */
  default T appliedToRequired(T current) {
    return switch (this) {
      case Unchanged<T> _ -> current;
      case Cleared<T> _ -> throw new IllegalStateException("a required field cannot be cleared");
      case SetTo<T>(T value) -> value;
    };
  }
}
