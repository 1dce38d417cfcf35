package com.elephantasm.events.writer.command;

import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "dry-run", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Says what 'replay apply' would do: how many records it would store, find present, amend, skip and reject.",
    "Changes nothing in the store but the line in the list of replays."}, footer = {"%nExamples:",
        "  replay dry-run --url http://127.0.0.1:8000",
        "  replay dry-run --topic elephantasm.archive --event-type tool.call", ExitCode.OF_REPLAYS})
final class ReplayDryRun extends ReplayStart {
  @Override
  void write(ObjectNode request) {
    request.put("mode", "dry-run");
  }
}
