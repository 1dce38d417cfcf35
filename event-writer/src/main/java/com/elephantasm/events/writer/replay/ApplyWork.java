package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.ReplayTerms;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Applies records to the live store, beside its writer. */
final class ApplyWork implements ReplayWork {
  private final ChangeStore store;
  private final LogPartitions partitions;
  private final JdbcClient jdbc;
  private final String log;
  private final int threads;

  /** @param log the topic that the live writer reads */
  ApplyWork(ChangeStore store, LogPartitions partitions, JdbcClient jdbc, String log, int threads) {
    this.store = store;
    this.partitions = partitions;
    this.jdbc = jdbc;
    this.log = log;
    this.threads = threads;
  }

  @Override
  public ReplayMode mode() {
    return ReplayMode.APPLY;
  }

  @Override
  public void run(ReplayRun run) throws InterruptedException {
    run.phase("applying");
    StoreReplay replay = new StoreReplay(store, (batch, tally) -> run.save(batch, tally, jdbc));
    run.read(run.stretches(), threads,
        batch -> replay.apply(batch, terms(run.request(), batch.stretch(), partitions, log)));
  }

  /**
   * Whoever leaves records out must not move the position past them, nor apply what the live writer has still before it: a later
   * change of a row that comes first would make the earlier one look old.
   */
  static ReplayTerms terms(ReplayRequest request, LogStretch stretch, LogPartitions partitions, String log) {
    boolean withoutGaps = request.takesEveryRecord()
        && (request.from() == null || stretch.start() <= partitions.reached(stretch.logPartition()));
    if (withoutGaps) {
      return ReplayTerms.WITH_WRITER;
    }
    return request.topic().equals(log) ? ReplayTerms.BEHIND_WRITER : ReplayTerms.WITHOUT_WRITER;
  }
}
