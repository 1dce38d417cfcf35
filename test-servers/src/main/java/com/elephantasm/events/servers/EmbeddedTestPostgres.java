package com.elephantasm.events.servers;

import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

final class EmbeddedTestPostgres implements TestPostgres {
  private final TemporaryFolder folder = new TemporaryFolder("elephantasm-postgres-");
  private final Path data = folder.resolve("postgres");
  private final EmbeddedPostgres.Settings settings = new EmbeddedPostgres.Settings(data, Ports.anyFree());
  private final String jdbcUrl;
  private @Nullable EmbeddedPostgres running;
  private List<ProcessHandle> halted = List.of();

  EmbeddedTestPostgres() {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(settings);
    jdbcUrl = postgres.jdbcUrl();
    running = postgres;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close-test-postgres"));
  }

  @Override
  public String jdbcUrl() {
    return jdbcUrl;
  }

  @Override
  public String superuserPassword() {
    return read("superuser.password").strip();
  }

  @Override
  public synchronized void stop() {
    // Halted, it would not hear that it is to stop.
    unpause();
    if (running != null) {
      running.close();
      running = null;
    }
  }

  @Override
  public synchronized void restart() {
    running = EmbeddedPostgres.start(settings);
  }

  @Override
  public synchronized void pause() {
    long pid = read("postmaster.pid").lines().mapToLong(Long::parseLong).findFirst().orElseThrow();
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    // Halted first, it starts no more of them.
    signal("-STOP", postmaster);
    halted = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    halted.forEach(process -> signal("-STOP", process));
  }

  @Override
  public synchronized void unpause() {
    halted.forEach(process -> signal("-CONT", process));
    halted = List.of();
  }

  /** A process that has ended meanwhile, as that of a connection does, needs none. */
  private static void signal(String name, ProcessHandle process) {
    try {
      int exitCode = new ProcessBuilder("kill", name, Long.toString(process.pid())).start().onExit().join().exitValue();
      if (exitCode != 0 && process.isAlive()) {
        throw new IllegalStateException("kill %s %d ended with %d".formatted(name, process.pid(), exitCode));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(data.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    stop();
    folder.delete();
  }
}
