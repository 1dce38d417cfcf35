package com.elephantasm.events.writer.command;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Looks at replays, and tells them what to do. */
final class ReplayControls {
  private ReplayControls() {}

  @Command(name = "list", mixinStandardHelpOptions = true, sortOptions = false, description = "Lists replays, the newest first. Changes nothing.", footer = {
      "%nExamples:", "  replay list --url http://127.0.0.1:8000", "  replay list --state paused", ExitCode.OF_CONTROLS})
  static final class Listing extends ReplaysCommand {
    private static final List<String> STATES = List.of("pending", "running", "paused", "completed", "failed",
        "cancelled");
    private static final int MOST = 200;

    @Option(names = "--state", paramLabel = "STATE", description = "Only those that are pending, running, paused, completed, failed or cancelled")
    private @Nullable String state;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many, from 1 to 200 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    void check() {
      if (state != null && !STATES.contains(state)) {
        throw new ParameterException(spec.commandLine(),
            "--state must be one of %s, was '%s'".formatted(String.join(", ", STATES), state));
      }
      if (limit < 1 || limit > MOST) {
        throw new ParameterException(spec.commandLine(), "--limit must be from 1 to %d, was %d".formatted(MOST, limit));
      }
    }

    @Override
    int run(Replays replays) {
      List<ReplayView> found = replays.list(state, limit);
      for (ReplayView each : found) {
        if (output.isJson()) {
          output.print(each.json());
        } else {
          output.say(String.format(Locale.ROOT, "%s  %-7s  %-9s  %3d %%  %s  %s", each.id(), each.mode(), each.state(),
              Amounts.percent(each.read(), each.total()), each.json().path("requested_at").asString(""), each.topic()));
        }
      }
      if (found.isEmpty() && !output.isJson()) {
        output.say("no replays");
      }
      return ExitCode.DONE;
    }
  }

  /** What concerns one replay. */
  abstract static class OfOne extends ReplaysCommand {
    @Parameters(index = "0", paramLabel = "ID", converter = Converters.Id.class, description = "The replay, as 'replay list' names it")
    private UUID id = new UUID(0, 0);

    String id() {
      return id.toString();
    }

    int tell(ReplayView replay) {
      if (output.isJson()) {
        output.print(replay.json());
      } else {
        output.say(ProgressLines.line(ProgressLines.of(replay)));
      }
      return ExitCode.DONE;
    }
  }

  @Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, description = "Shows a replay: how far it is, or what came of it. Changes nothing; Ctrl-C only stops watching.", footer = {
      "%nExamples:", "  replay show 0190f3a4-5555-7666-8777-888899990000 --follow --url http://127.0.0.1:8000",
      "  replay show 0190f3a4-5555-7666-8777-888899990000 --json > report.json", ExitCode.OF_CONTROLS})
  static final class Show extends OfOne {
    @Option(names = {"-f", "--follow"}, description = "Watch it until it has ended or is paused")
    private boolean follow;

    @Override
    int run(Replays replays) {
      ReplayView replay = replays.find(id());
      if (follow) {
        try (Interruption interruption = new Interruption(() -> {})) {
          replay = new Follower(replays, output).follow(replay, interruption, false);
        }
      }
      if (output.isJson()) {
        output.print(replay.json());
      } else if (replay.isFinal()) {
        Ending.lines(replay).forEach(output::say);
      } else if (!follow) {
        ProgressLines.block(ProgressLines.of(replay), Screen.width(System.getenv("COLUMNS"))).forEach(output::say);
      }
      return ExitCode.DONE;
    }
  }

  @Command(name = "pause", mixinStandardHelpOptions = true, sortOptions = false, description = "Stops a replay where it stands, within a second or so. What it has done stays.", footer = {
      "%nExample:", "  replay pause 0190f3a4-5555-7666-8777-888899990000 --url http://127.0.0.1:8000",
      ExitCode.OF_CONTROLS})
  static final class Pause extends OfOne {
    @Override
    int run(Replays replays) {
      return tell(replays.pause(id()));
    }
  }

  @Command(name = "resume", mixinStandardHelpOptions = true, sortOptions = false, description = {
      "Lets a replay go on where it stood, and watches it. Also one whose command or service was killed.",
      "With --url a service runs it, else this command does."}, footer = {"%nExamples:",
          "  replay resume 0190f3a4-5555-7666-8777-888899990000 --url http://127.0.0.1:8000",
          "  replay resume 0190f3a4-5555-7666-8777-888899990000 --bootstrap-servers 127.0.0.1:9092",
          ExitCode.OF_REPLAYS})
  static final class Resume extends OfOne {
    @Option(names = "--detach", description = "Do not watch it; with --url only")
    private boolean detach;

    @Override
    void check() {
      if (detach && !connection.isService()) {
        throw new ParameterException(spec.commandLine(),
            "--detach needs a service that runs it: --url is missing");
      }
    }

    @Override
    int run(Replays replays) {
      ReplayView replay = replays.resume(id(), true);
      return detach ? tell(replay) : Ending.exitCode(Watched.toItsEnd(replay, replays, output, connection));
    }
  }

  @Command(name = "cancel", mixinStandardHelpOptions = true, sortOptions = false, description = "Ends a replay for good. What 'apply' has applied stays; what 'rebuild' has made beside the store is removed.", footer = {
      "%nExample:", "  replay cancel 0190f3a4-5555-7666-8777-888899990000 --url http://127.0.0.1:8000",
      ExitCode.OF_CONTROLS})
  static final class Cancel extends OfOne {
    @Override
    int run(Replays replays) {
      return tell(replays.cancel(id()));
    }
  }

  @Command(name = "throttle", mixinStandardHelpOptions = true, sortOptions = false, description = "Changes how many records a replay reads in a second, also while it runs.", footer = {
      "%nExamples:", "  replay throttle 0190f3a4-5555-7666-8777-888899990000 500 --url http://127.0.0.1:8000",
      "  replay throttle 0190f3a4-5555-7666-8777-888899990000 none --url http://127.0.0.1:8000", ExitCode.OF_CONTROLS})
  static final class Throttle extends OfOne {
    @Parameters(index = "1", paramLabel = "N", description = "At most so many records a second, or none for no limit")
    private String limit = "none";

    @Override
    void check() {
      if (!limit.equals("none") && !limit.matches("[1-9][0-9]{0,8}")) {
        throw new ParameterException(spec.commandLine(),
            "'%s' is neither a number of records a second, from 1 on, nor none".formatted(limit));
      }
    }

    @Override
    int run(Replays replays) {
      return tell(replays.throttle(id(), limit.equals("none") ? null : Long.valueOf(limit)));
    }
  }
}
