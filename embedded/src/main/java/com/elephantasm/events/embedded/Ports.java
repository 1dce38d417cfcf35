package com.elephantasm.events.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address 127.0.0.1, the only one that the embedded servers listen on. */
public final class Ports {
  static final String HOST = "127.0.0.1";

  // Below the ephemeral ports of every platform (Linux begins at 32768). A stopped server's port among those could be
  // given to an outgoing connection, and a client that keeps trying to reconnect could even connect to itself.
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 1_000;

  private Ports() {}

  /** The port itself where it can be had, and any free one for 0. */
  static int claim(int port, String server) {
    if (port == 0) {
      return anyFree();
    }
    if (!isFree(port)) {
      throw new EmbeddedServerException(
          "port %d on %s is taken by another process: stop that process, or choose another port for %s (0 for any)"
              .formatted(port, HOST, server));
    }
    return port;
  }

  static int requireValid(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
    }
    return port;
  }

  /**
   * A port that nobody listens on now, from 15000 to 31999. It is not held: another process can still take it.
   *
   * @throws EmbeddedServerException if it finds none
   */
  public static int anyFree() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new EmbeddedServerException("found no free port between %d and %d on %s".formatted(LOWEST, HIGHEST, HOST));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
