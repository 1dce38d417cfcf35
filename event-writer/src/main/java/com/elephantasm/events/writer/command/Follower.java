package com.elephantasm.events.writer.command;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Watches a replay, and shows how far it is. */
final class Follower {
  private static final Duration LOOK = Duration.ofMillis(500);
  /** A service that starts anew goes on with its replays. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Replays replays;
  private final Output output;
  private final Screen screen;

  Follower(Replays replays, Output output) {
    this.replays = replays;
    this.output = output;
    this.screen = output.screen();
  }

  /**
   * Returns when it has ended or is paused, with how it is then.
   *
   * @throws CommandFailedException where the service is away for long
   */
  ReplayView follow(ReplayView first, Interruption interruption, boolean whateverComes) {
    ReplayView replay = first;
    ReplayView told = null;
    long seen = System.nanoTime();
    while (!replay.isAtRest() && !(interruption.isWanted() && !whateverComes)) {
      screen.show(ProgressLines.of(replay));
      if (output.tellsProgressAsJson() && (told == null || !told.json().equals(replay.json()))) {
        output.print(replay.json());
        told = replay;
      }
      pause();
      try {
        replay = replays.find(first.id());
        seen = System.nanoTime();
      } catch (CommandFailedException e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() - seen > PATIENCE.toNanos()) {
          throw e;
        }
      }
    }
    screen.showLast(ProgressLines.of(replay));
    return replay;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException(ExitCode.FAILED, "interrupted");
    }
  }
}
