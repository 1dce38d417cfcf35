package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.LogStretch;
import com.elephantasm.events.writer.replay.ReplayFailedException;
import com.elephantasm.events.writer.replay.ReplayRun;
import java.util.List;
import javax.sql.DataSource;

/** Looks at a store that was made anew before it takes the place of the live one. */
@FunctionalInterface
public interface Check {
  /**
   * @param rebuilt connections resolve table names there
   * @param applied all of the log that the store was made from; each stands at its start
   * @throws ReplayFailedException where the store is not what the log says
   */
  void check(ReplayRun run, DataSource rebuilt, List<LogStretch> applied) throws InterruptedException;
}
