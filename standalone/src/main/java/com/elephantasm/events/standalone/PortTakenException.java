package com.elephantasm.events.standalone;

import java.io.Serial;

/** The port of the HTTP API belongs to another process. */
final class PortTakenException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  PortTakenException(String address, int port) {
    super(
        "port %d on %s is taken by another process: stop that process, or choose another with --port (0 for any)"
            .formatted(port, address));
  }
}
