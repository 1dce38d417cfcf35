package com.elephantasm.events.standalone;

import java.io.Serial;

/** The services did not start, for a reason that Spring has logged. */
final class ServicesFailedException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  ServicesFailedException(Throwable cause) {
    super("the services did not start", cause);
  }
}
