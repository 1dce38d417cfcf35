package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.DefectException;
import com.elephantasm.events.writer.store.RecordRefusedException;
import com.elephantasm.events.writer.store.ReplayTerms;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Applies what a replay reads to a store, each batch in one transaction with the replay's own progress, so that a run that is
 * killed goes on with equal counts. What PostgreSQL refuses is isolated by halving, as the live writer does it.
 */
public final class StoreReplay {
  private final ReplayRun run;
  private final ChangeStore store;
  private final JdbcClient jdbc;

  /** @param jdbc of the data source that the store works on */
  public StoreReplay(ReplayRun run, ChangeStore store, JdbcClient jdbc) {
    this.run = run;
    this.store = store;
    this.jdbc = jdbc;
  }

  public void apply(ReplayBatch batch, ReplayTerms terms) {
    try {
      store.replay(batch.entries(), terms, tally -> run.save(batch, tally, jdbc));
    } catch (RecordRefusedException | DefectException e) {
      if (batch.entries().size() == 1) {
        store.replayRefused(batch.entries().getFirst(), terms, String.valueOf(e.getMessage()),
            tally -> run.save(batch, tally, jdbc));
      } else {
        batch.halves().forEach(half -> apply(half, terms));
      }
    }
  }
}
