package com.elephantasm.events.http;

import com.elephantasm.events.schema.Violation;

/**
 * One thing that is wrong with a request.
 *
 * @param in which part of the request
 * @param pointer a JSON Pointer (RFC 6901) into the body; for the other parts a slash and the parameter's name
 * @param message what is wrong, as the end of a sentence that begins with the field's name
 */
public record InvalidInput(String in, String pointer, String message) {
  public static InvalidInput body(Violation violation) {
    return new InvalidInput("body", violation.pointer(), violation.message());
  }

  public static InvalidInput query(String name, String message) {
    return new InvalidInput("query", "/" + name, message);
  }

  public static InvalidInput header(String name, String message) {
    return new InvalidInput("header", "/" + name, message);
  }

  public static InvalidInput path(String name, String message) {
    return new InvalidInput("path", "/" + name, message);
  }

  @Override
  public String toString() {
    return "%s %s%s".formatted(in, pointer.isEmpty() ? "" : pointer + " ", message);
  }
}
