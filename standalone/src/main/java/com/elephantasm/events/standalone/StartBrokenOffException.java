package com.elephantasm.events.standalone;

import java.io.Serial;

/** The application is closed while it starts. */
final class StartBrokenOffException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  StartBrokenOffException() {
    super("closed while it was starting");
  }
}
