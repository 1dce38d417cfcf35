package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.Overlay;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Finds out what applying records would do, by applying them to an overlay: what they are about is looked up in the live store,
 * what they change stays in a schema of its own, which is removed in the end.
 */
final class DryRunWork implements ReplayWork {
  private final DataSource live;
  private final LogPartitions partitions;
  private final String log;
  private final int threads;

  DryRunWork(DataSource live, LogPartitions partitions, String log, int threads) {
    this.live = live;
    this.partitions = partitions;
    this.log = log;
    this.threads = threads;
  }

  @Override
  public ReplayMode mode() {
    return ReplayMode.DRY_RUN;
  }

  @Override
  public void run(ReplayRun run) throws InterruptedException {
    run.phase("making an overlay of the store");
    try (Overlay overlay = Overlay.open(live, schema(run.id()), threads + 1)) {
      if (overlay.isNew()) {
        run.beginAnew();
        overlay.begin();
      }
      run.phase("finding out what would be stored");
      StoreReplay replay = new StoreReplay(overlay.store(),
          (batch, tally) -> run.save(batch, tally, overlay.jdbc()));
      run.read(run.stretches(), threads, batch -> {
        overlay.lookUp(batch.entries());
        replay.apply(batch, ApplyWork.terms(run.request(), batch.stretch(), partitions, log));
        overlay.forgetUnchanged(batch.entries());
      });
    }
    discard(run.id());
  }

  @Override
  public void discard(UUID replay) {
    Overlay.drop(live, schema(replay));
  }

  private static String schema(UUID replay) {
    return "dry_run_" + replay.toString().replace("-", "");
  }
}
