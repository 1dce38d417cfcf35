package com.elephantasm.events.writer.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Compares the store with the log, both ways: rows that are missing, rows that differ, rows that no record has made.",
    "Changes nothing, unless --repair is given."}, footer = {"%nExamples:",
        "  replay verify --url http://127.0.0.1:8000", "  replay verify --repair --report drift.json",
        "  replay verify --agent-id 0190f3a4-1111-7222-8333-444455556666 --json --quiet", ExitCode.OF_REPLAYS})
final class ReplayVerify extends ReplayStart {
  @Option(names = "--repair", description = "Put the store right where it differs from the log")
  private boolean repair;

  @Option(names = "--accept-gaps", description = "Accept that the log no longer begins at its beginning: what it has lost is not judged")
  private boolean acceptGaps;

  @Option(names = "--report-limit", paramLabel = "N", description = "How many differences of each kind the report tells in full (default: 100)")
  private @Nullable Integer reportLimit;

  @Override
  void write(ObjectNode request) {
    request.put("mode", "verify");
    if (repair) {
      request.put("repair", true);
    }
    if (acceptGaps) {
      request.put("accept_gaps", true);
    }
    if (reportLimit != null) {
      request.put("report_limit", reportLimit);
    }
  }
}
