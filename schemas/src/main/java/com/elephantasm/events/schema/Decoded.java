package com.elephantasm.events.schema;

import java.util.List;

/** What came of reading JSON: nobody's input is an exception. */
public sealed interface Decoded<T> {
  record Valid<T>(T value) implements Decoded<T> {}

  /** JSON, but not what the contract asks for: everything that is wrong with it, in the order of the input. */
  record Invalid<T>(List<Violation> violations) implements Decoded<T> {}

  /** Not JSON in UTF-8 at all, or beyond the limits of what is read (depth, length of a number or name, a member twice). */
  record Malformed<T>(String detail) implements Decoded<T> {}
}
