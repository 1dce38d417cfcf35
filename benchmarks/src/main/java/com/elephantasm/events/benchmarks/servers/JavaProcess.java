package com.elephantasm.events.benchmarks.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own; what it prints goes to its log. */
public final class JavaProcess implements AutoCloseable {
  /** The one that this runs on. */
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofMillis(20);
  private static final int LOG_LINES_TOLD = 20;

  private final String name;
  private final Path log;
  private final Process process;

  private JavaProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /** What says that it can do its work. */
  @FunctionalInterface
  interface Readiness {
    boolean isReady() throws InterruptedException;
  }

  static JavaProcess start(String name, Path log, List<String> options, Program program) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(options);
    command.addAll(Jvm.ALL);
    command.addAll(List.of("-cp", program.classPath(), program.main()));
    command.addAll(program.arguments());
    try {
      return new JavaProcess(name, log, new ProcessBuilder(command).redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(log.toFile())).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @throws IllegalStateException with the end of its log, if it ended, or is not ready within two minutes */
  void awaitReady(Readiness readiness) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (!readiness.isReady()) {
      requireRunning();
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("%s is not ready after %s; its log ends: %s"
            .formatted(name, LONGEST_START, endOfLog()));
      }
      // A process says in no other way that it is ready than by what it answers.
      Thread.sleep(STEP);
    }
  }

  /** @throws IllegalStateException with the end of its log, if it has ended */
  public void requireRunning() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "%s has ended with %d; its log ends: %s".formatted(name, process.exitValue(), endOfLog()));
    }
  }

  public long pid() {
    return process.pid();
  }

  /** Of all its threads since its start; 0 where the platform does not say. */
  public Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String endOfLog() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_TOLD), lines.size()));
  }

  /** As SIGTERM, and where that takes longer than a minute as SIGKILL does. Returns when it has ended. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
