package com.elephantasm.events.writer.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replays, wherever they are run. Each method fails with a {@link CommandFailedException} where it cannot be done; those that
 * change something can be called from another thread than the one that follows a replay.
 */
sealed interface Replays extends AutoCloseable permits ServiceReplays, LocalReplays {
  /** Asks for a replay; where it is run by this process, it begins now. */
  ReplayView request(ObjectNode request);

  ReplayView find(String id);

  List<ReplayView> list(@Nullable String state, int limit);

  ReplayView pause(String id);

  /** @param here whether this process is to run it, if it is one that runs replays */
  ReplayView resume(String id, boolean here);

  ReplayView cancel(String id);

  ReplayView throttle(String id, @Nullable Long recordsPerSecond);

  /** Whether replays end with this process, as it runs them. */
  boolean areRunHere();

  @Override
  void close();
}
