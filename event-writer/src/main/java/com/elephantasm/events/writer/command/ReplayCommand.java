package com.elephantasm.events.writer.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is done with replays; only by its sub-commands. */
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "Reads the log again: applies it, compares the store with it, or makes the store anew.",
    "A replay is a job that is kept in the store: it can be paused, throttled and resumed, and outlives whoever runs it. "
        + "With --url a running service does it; without, this command does, straight on Kafka and PostgreSQL."}, footer = {
            "%nExamples:", "  replay dry-run --url http://127.0.0.1:8000",
            "  replay verify --repair --bootstrap-servers 127.0.0.1:9092",
            "  replay rebuild --yes --url http://127.0.0.1:8000", "  replay list --state paused",
            ExitCode.OF_REPLAYS}, subcommands = {ReplayApply.class, ReplayDryRun.class, ReplayVerify.class,
                ReplayRebuild.class, ReplayControls.Listing.class, ReplayControls.Show.class,
                ReplayControls.Pause.class, ReplayControls.Resume.class, ReplayControls.Cancel.class,
                ReplayControls.Throttle.class})
public final class ReplayCommand implements Runnable {
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to do is missing, such as: replay verify");
  }
}
