package com.elephantasm.events.embedded;

import java.io.Serial;

/** An embedded server cannot start or has failed. The message is one for the user: it says what is wrong and what to do. */
public final class EmbeddedServerException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  EmbeddedServerException(String message) {
    super(message);
  }

  EmbeddedServerException(String message, Throwable cause) {
    super(message, cause);
  }
}
