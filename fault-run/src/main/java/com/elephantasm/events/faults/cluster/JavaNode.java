package com.elephantasm.events.faults.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A JVM of its own with this one's class path; what it prints goes to its log. */
final class JavaNode implements Node {
  private final String name;
  private final List<String> command;
  private final Path log;
  private final BooleanSupplier ready;
  private @Nullable Process process;

  JavaNode(String name, int heapInMegabytes, Class<?> main, List<String> options, List<String> arguments, Path log,
      BooleanSupplier ready) {
    this.name = name;
    this.command = command(heapInMegabytes, main, options, arguments);
    this.log = log;
    this.ready = ready;
  }

  static List<String> command(int heapInMegabytes, Class<?> main, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + heapInMegabytes + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return List.copyOf(command);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      throw new IllegalStateException(name + " runs already");
    }
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isReady() {
    return isRunning() && ready.getAsBoolean();
  }

  @Override
  public synchronized Stopped stop(Duration patience) {
    Process running = process;
    if (running == null) {
      return new Stopped(true, 0);
    }
    running.destroy();
    boolean inTime = hasEnded(running, patience);
    if (!inTime) {
      kill();
    }
    return new Stopped(inTime, running.exitValue());
  }

  @Override
  public synchronized void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      if (!hasEnded(running, Duration.ofMinutes(1))) {
        throw new IllegalStateException(name + " cannot be killed");
      }
    }
  }

  private static boolean hasEnded(Process running, Duration patience) {
    try {
      return running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return !running.isAlive();
    }
  }

  @Override
  public synchronized void freeze() {
    Process running = process;
    if (running != null) {
      Signals.stop(running.pid());
    }
  }

  @Override
  public synchronized void thaw() {
    Process running = process;
    if (running != null) {
      Signals.resume(running.pid());
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }
}
