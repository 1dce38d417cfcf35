package com.elephantasm.events.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM that runs {@link EmbeddedServers}, killed at the end of the test where it still lives. */
final class ServerInAnotherProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  ServerInAnotherProcess(String server, Path data, int port) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    process = new ProcessBuilder(java.toString(), "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp", System.getProperty("java.class.path"), EmbeddedServers.class.getName(), server,
        "--data", data.toString(), "--port", Integer.toString(port)).redirectErrorStream(true).start();
    output = process.inputReader();
  }

  /** Waits for the line that says where the server listens, after which it answers. */
  String awaitListening() throws IOException {
    List<String> before = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(" listens on ")) {
        return line;
      }
      before.add(line);
    }
    throw new IllegalStateException("did not start: " + before);
  }

  List<String> remainingOutput() {
    try (Stream<String> lines = output.lines()) {
      return lines.toList();
    }
  }

  /** As SIGTERM does. */
  int terminate() throws InterruptedException {
    process.destroy();
    return awaitExit();
  }

  /** As SIGKILL does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitExit();
  }

  int awaitExit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still runs");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
