package com.elephantasm.events.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of its own with this class path, killed at the end of the test where it still lives. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  ChildProcess(Class<?> main, String... arguments) {
    this(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"), main, arguments);
  }

  ChildProcess(List<String> jvmOptions, Class<?> main, String... arguments) {
    this(Map.of(), jvmOptions, main, arguments);
  }

  /** @param environment variables beside those of this process */
  ChildProcess(Map<String, String> environment, List<String> jvmOptions, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
        System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output = process.inputReader();
  }

  /** The lines up to the one that contains the text, or all where none does. */
  List<String> outputUntil(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (line.contains(text)) {
        break;
      }
    }
    return lines;
  }

  List<String> remainingOutput() {
    try (Stream<String> lines = output.lines()) {
      return lines.toList();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** As SIGTERM does. */
  void terminate() {
    process.toHandle().destroy(); // Unlike the process's own method, this leaves its output open.
  }

  /** As SIGKILL does. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    exitCode();
  }

  int exitCode() throws InterruptedException {
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
