package com.elephantasm.events.writer.query;

/** An answer that had begun cannot be ended: the connection must break, so that nobody takes what came for the whole. */
final class BrokenOffException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BrokenOffException(Throwable cause) {
    super("the answer was broken off in the middle", cause);
  }
}
