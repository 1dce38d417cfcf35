package com.elephantasm.events.faults.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java has no method for; the shell's own {@code kill} is wherever there is a shell. */
final class Signals {
  private Signals() {}

  static void stop(long pid) {
    send("STOP", pid);
  }

  static void resume(long pid) {
    send("CONT", pid);
  }

  private static void send(String signal, long pid) {
    try {
      // A process that has ended meanwhile is no error.
      new ProcessBuilder("sh", "-c", "kill -%s %d 2>/dev/null".formatted(signal, pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
