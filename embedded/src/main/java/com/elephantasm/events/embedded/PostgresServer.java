package com.elephantasm.events.embedded;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server process of one data folder, by way of {@code initdb} and {@code pg_ctl}. */
final class PostgresServer {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final String PASSWORD_FILE = "superuser.password";
  private static final long LONGEST_LOG = 10_000_000;
  private static final int LOG_LINES_TOLD = 5;

  /** On the command line, where neither the configuration file nor ALTER SYSTEM can override them. */
  private static final List<String> ENFORCED = Stream
      .concat(Stream.of("listen_addresses=" + Ports.HOST), PostgresSettings.durable().stream())
      .toList();

  /** Written into the new configuration file, where the user may change them. */
  private static final List<String> PRESET = Stream
      .concat(PostgresSettings.preset().stream(), Stream.of("unix_socket_directories="))
      .toList();

  private final PostgresBinaries binaries;
  private final DataFolder folder;
  private final Path log;

  PostgresServer(PostgresBinaries binaries, DataFolder folder) {
    this.binaries = binaries;
    this.folder = folder;
    this.log = folder.beside(".log");
  }

  Path log() {
    return log;
  }

  /** Stops a server that outlived the process that started it. Its folder is ours now, but its port and settings may not be. */
  void stopLeftover() throws IOException {
    ProcessHandle process = PostmasterPid.read(folder.path()).orElse(null);
    if (process == null) {
      return; // PostgreSQL itself clears away the file of a process that is no more.
    }
    if (PostmasterPid.isOther(process)) {
      Files.delete(folder.path().resolve("postmaster.pid"));
    } else if (PostmasterPid.serves(process, folder.path())) {
      LOG.info("PostgreSQL still runs in {} as process {}: stopping it", folder.path(), process.pid());
      stop();
    } else {
      throw new EmbeddedServerException(
          "%s names process %d, which may be a PostgreSQL server: stop it, or delete the file"
              .formatted(folder.path().resolve("postmaster.pid"), process.pid())
              + " if that process does not use this folder");
    }
  }

  void initialize() throws IOException {
    Path password = Files.createTempFile("elephantasm-", ".password"); // readable by its owner alone
    try {
      Files.writeString(password, randomPassword());
      PostgresBinaries.Result result = binaries.run("initdb", initdbArguments(password));
      if (result.exitCode() != 0) {
        throw new EmbeddedServerException(
            "PostgreSQL cannot create its data folder %s: %s".formatted(folder.path(), result.output()));
      }
      Files.move(password, folder.path().resolve(PASSWORD_FILE), REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(password);
    }
  }

  private List<String> initdbArguments(Path password) {
    List<String> arguments = new ArrayList<>(List.of("-D", folder.path().toString(), "-U", PostgresDatabase.SUPERUSER,
        "--pwfile=" + password, "--auth=scram-sha-256", "--encoding=UTF8"));
    arguments.addAll(PostgresSettings.locale());
    PRESET.forEach(setting -> arguments.addAll(List.of("-c", setting)));
    return arguments;
  }

  private static String randomPassword() {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  String superuserPassword() throws IOException {
    return Files.readString(folder.path().resolve(PASSWORD_FILE)).strip();
  }

  void start(int port) throws IOException {
    setAsideLongLog();
    long logBefore = Files.exists(log) ? Files.size(log) : 0;
    String options = "-p " + port + " -c " + String.join(" -c ", ENFORCED);
    PostgresBinaries.Result result = binaries.run("pg_ctl",
        List.of("start", "-w", "-t", "600", "-D", folder.path().toString(), "-l", log.toString(), "-o", options));
    if (result.exitCode() != 0) {
      throw new EmbeddedServerException("PostgreSQL did not start on port %d, and its log %s says: %s"
          .formatted(port, log, lastLines(logBefore, result.output())));
    }
  }

  private void setAsideLongLog() throws IOException {
    if (Files.exists(log) && Files.size(log) > LONGEST_LOG) {
      Files.move(log, folder.beside(".log.1"), REPLACE_EXISTING);
    }
  }

  private String lastLines(long after, String otherwise) throws IOException {
    if (!Files.exists(log) || Files.size(log) <= after) {
      return otherwise;
    }
    try (Stream<String> all = Files.lines(log)) {
      List<String> lines = all.toList();
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES_TOLD), lines.size()));
    }
  }

  CompletableFuture<Void> end() {
    try {
      return PostmasterPid.read(folder.path())
          .map(ProcessHandle::onExit)
          .orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("not running")))
          .thenAccept(_ -> {});
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Does nothing where no server runs. */
  void stop() throws IOException {
    PostgresBinaries.Result fast = stop("fast");
    if (fast.exitCode() != 0 && isRunning()) {
      LOG.warn("PostgreSQL in {} takes too long to stop, and will recover at its next start: {}", folder.path(),
          fast.output());
      PostgresBinaries.Result immediate = stop("immediate");
      if (immediate.exitCode() != 0 && isRunning()) {
        throw new EmbeddedServerException(
            "PostgreSQL in %s does not stop: %s".formatted(folder.path(), immediate.output()));
      }
    }
  }

  private PostgresBinaries.Result stop(String mode) throws IOException {
    return binaries.run("pg_ctl", List.of("stop", "-w", "-t", "60", "-m", mode, "-D", folder.path().toString()));
  }

  private boolean isRunning() throws IOException {
    return PostmasterPid.read(folder.path()).filter(process -> !PostmasterPid.isOther(process)).isPresent();
  }
}
