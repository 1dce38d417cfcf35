package com.elephantasm.events.writer.command;

import java.io.Console;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "rebuild", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Makes the store anew from the log, in a schema beside the live one, compares it with the log, and switches to it in one "
        + "short transaction.",
    "Readers see the old store or the new one, never a mixture, and what is written meanwhile is not lost. The old schema stays "
        + "until it is dropped by name. One that fails or is cancelled leaves nothing behind."}, footer = {
            "%nExamples:",
            "  replay rebuild --url http://127.0.0.1:8000", "  replay rebuild --yes --json",
            "  replay rebuild --accept-gaps", ExitCode.OF_REPLAYS})
final class ReplayRebuild extends ReplayStart {
  @Option(names = "--accept-gaps", description = "Accept that the log no longer begins at its beginning: the new store lacks what the log has lost")
  private boolean acceptGaps;

  @Option(names = {"-y", "--yes"}, description = "Do not ask on a terminal whether it is meant")
  private boolean yes;

  @Override
  void check() {
    super.check();
    Console console = System.console();
    if (!yes && console != null && console.isTerminal() && !isMeant(console)) {
      throw new CommandFailedException(ExitCode.FAILED, "nothing was done");
    }
  }

  private static boolean isMeant(Console console) {
    String answer = console.readLine("The store is made anew from the log and then replaced. Go on? [y/N] ");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  @Override
  void write(ObjectNode request) {
    request.put("mode", "rebuild");
    if (acceptGaps) {
      request.put("accept_gaps", true);
    }
  }
}
