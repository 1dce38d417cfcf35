package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.DefectException;
import com.elephantasm.events.writer.store.RecordFailureException;
import com.elephantasm.events.writer.store.ReplayTerms;
import com.elephantasm.events.writer.store.Tally;
import java.util.function.BiConsumer;

/**
 * Applies what a replay reads to a store, each batch in one transaction with what is noted about it, so that a run that is
 * killed goes on with equal counts. What PostgreSQL refuses is isolated by halving, as the live writer does it.
 */
public final class StoreReplay {
  private final ChangeStore store;
  private final BiConsumer<ReplayBatch, Tally> note;

  /** @param note called in the transaction of each batch, as {@link ReplayRun#save} has to be */
  public StoreReplay(ChangeStore store, BiConsumer<ReplayBatch, Tally> note) {
    this.store = store;
    this.note = note;
  }

  public void apply(ReplayBatch batch, ReplayTerms terms) {
    try {
      store.replay(batch.entries(), terms, tally -> note.accept(batch, tally));
    } catch (RecordFailureException e) {
      if (e instanceof DefectException failed && failed.defect() instanceof ReplayStoppedException stopped) {
        throw stopped;
      }
      if (batch.entries().isEmpty()) {
        throw e;
      }
      if (batch.entries().size() > 1) {
        batch.halves().forEach(half -> apply(half, terms));
      } else {
        store.replayRefused(batch.entries().getFirst(), terms, e.detail(),
            tally -> note.accept(batch, tally));
      }
    }
  }
}
