package com.elephantasm.events.writer.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks for a replay and watches it. */
abstract class ReplayStart extends ReplaysCommand {
  private static final JsonMapper JSON = new JsonMapper();

  @Mixin
  private Selection selection = new Selection();

  @Option(names = "--detach", description = "Only ask the service of --url for it, and print its id")
  private boolean detach;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the replay with all it has to say to this file, as JSON")
  private @Nullable Path report;

  @Override
  void check() {
    if (detach && !connection.isService()) {
      throw new ParameterException(spec.commandLine(),
          "--detach needs a service that runs it: --url is missing");
    }
  }

  /** What this mode asks for beside the selection. */
  abstract void write(ObjectNode request);

  @Override
  int run(Replays replays) {
    ObjectNode request = JSON.createObjectNode();
    write(request);
    selection.write(request);
    ReplayView replay = replays.request(request);
    if (detach) {
      if (output.isJson()) {
        output.print(replay.json());
      } else {
        output.say(replay.id());
      }
      return ExitCode.DONE;
    }
    ReplayView last = Watched.toItsEnd(replay, replays, output, connection);
    if (report != null && last.isFinal()) {
      write(last, report);
    }
    return Ending.exitCode(last);
  }

  private static void write(ReplayView replay, Path file) {
    try {
      Files.writeString(file, replay.json().toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CommandFailedException(ExitCode.FAILED,
          "the report cannot be written to %s: %s. 'replay show %s --json' has it".formatted(file, e, replay.id()));
    }
  }
}
