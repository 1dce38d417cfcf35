package com.elephantasm.events.writer.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A replay that this command has set going: it is watched to its end, and paused where the command is interrupted. */
final class Watched {
  private static final int TRIES = 10;

  private Watched() {}

  static ReplayView toItsEnd(ReplayView replay, Replays replays, Output output, Connection connection) {
    ReplayView last;
    try (Interruption interruption = new Interruption(() -> pause(replay.id(), replays, output))) {
      last = new Follower(replays, output).follow(replay, interruption, true);
      if (!last.isPaused()) {
        Ending.lines(last).forEach(output::say);
      } else {
        output.say("%s %s is paused. To go on where it stands:".formatted(last.mode(), last.id()));
        output.say("  " + resume(last.id(), connection));
      }
      output.printIfJson(last.json());
    }
    return last;
  }

  private static String resume(String id, Connection connection) {
    List<String> typed = new ArrayList<>(List.of("replay", "resume", id));
    typed.addAll(connection.typed());
    return Shell.program() + " " + Shell.line(typed);
  }

  private static void pause(String id, Replays replays, Output output) {
    output.say("pausing …");
    for (int i = 0; i < TRIES; i++) {
      try {
        ReplayView _ = replays.pause(id);
        return;
      } catch (CommandFailedException e) {
        if (e.exitCode() != ExitCode.UNREACHABLE) {
          return; // It has ended meanwhile.
        }
      }
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException _) {
        return;
      }
    }
    output.say("cannot pause it: it goes on");
  }
}
