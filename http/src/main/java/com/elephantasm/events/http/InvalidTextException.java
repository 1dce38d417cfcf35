package com.elephantasm.events.http;

/** A path or query parameter that is not what it must be; the message is the end of a sentence that begins with its name. */
final class InvalidTextException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  InvalidTextException(String message) {
    super(message);
  }
}
