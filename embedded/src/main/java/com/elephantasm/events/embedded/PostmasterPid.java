package com.elephantasm.events.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The process id that PostgreSQL keeps in the first line of {@code postmaster.pid} while it runs, and after it was killed. */
final class PostmasterPid {
  private PostmasterPid() {}

  static Optional<ProcessHandle> read(Path dataFolder) throws IOException {
    Path file = dataFolder.resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String pid = Files.readAllLines(file).stream().findFirst().orElse("").strip();
    return pid.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
  }

  /** A process that only happens to have the number, as after a restart of the machine or of a container. */
  static boolean isOther(ProcessHandle process) {
    return process.info().command().map(command -> !isPostgres(command)).orElse(false);
  }

  /** A PostgreSQL server of this folder, as far as the platform tells: not every one tells a process's arguments. */
  static boolean serves(ProcessHandle process, Path dataFolder) {
    ProcessHandle.Info info = process.info();
    return info.command().map(PostmasterPid::isPostgres).orElse(false)
        && info.arguments().map(arguments -> Arrays.asList(arguments).contains(dataFolder.toString())).orElse(true);
  }

  private static boolean isPostgres(String command) {
    return command.matches(".*[/\\\\]postgres(\\.exe)?");
  }
}
