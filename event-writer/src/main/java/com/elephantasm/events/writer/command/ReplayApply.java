package com.elephantasm.events.writer.command;

import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "apply", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Applies records of the log to the live store once more.",
    "What is there already stays as it is, to the row: applying all of the log to a complete store changes nothing. "
        + "The event-writer goes on meanwhile; its place in the log is left alone."}, footer = {"%nExamples:",
            "  replay apply --url http://127.0.0.1:8000",
            "  replay apply --from 2026-11-24T08:00:00Z --to 2026-11-24T09:00:00Z --throttle 500",
            "  replay apply --agent-id 0190f3a4-1111-7222-8333-444455556666",
            "  replay apply --topic elephantasm.archive --partition 0,3 --from 0:100,3:7", ExitCode.OF_REPLAYS})
final class ReplayApply extends ReplayStart {
  @Override
  void write(ObjectNode request) {
    request.put("mode", "apply");
  }
}
