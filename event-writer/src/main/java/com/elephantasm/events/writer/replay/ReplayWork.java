package com.elephantasm.events.writer.replay;

import java.util.UUID;

/** What is done in one mode. */
public interface ReplayWork {
  ReplayMode mode();

  /**
   * Does the work of a replay, or goes on with it where an earlier run has left it: that run may have been paused, or killed at
   * any moment. Returns when all is done.
   *
   * @throws ReplayFailedException where it cannot be done, however often it is tried
   * @throws ReplayStoppedException as {@link ReplayRun#checkpoint} throws it: let it pass
   * @throws RuntimeException where Kafka or PostgreSQL is away: it is run again a moment later
   */
  void run(ReplayRun run) throws InterruptedException;

  /** Takes back what a replay that has failed or was cancelled has left beside the store; it may be that there is nothing. */
  default void discard(UUID replay) {}
}
