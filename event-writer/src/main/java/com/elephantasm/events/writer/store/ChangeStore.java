package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Applies batches of the log to the store, each in one transaction: spirits, events, amendments, dead letters and the position
 * reached. Applying a record again, at any time and in any company, changes nothing.
 */
public final class ChangeStore {
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;
  private final SpiritRows spirits;
  private final EventRows events;
  private final DeadLetters deadLetters;
  private final LogPartitions partitions;
  private final int waitingAtOnce;

  /**
   * @param waitingAtOnce how many records that waited for a spirit are in memory at once; each may be as large as Kafka takes
   */
  ChangeStore(TransactionTemplate transactions, JdbcClient jdbc, LogPartitions partitions, int waitingAtOnce) {
    this.waitingAtOnce = waitingAtOnce;
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.spirits = new SpiritRows(jdbc);
    this.events = new EventRows(jdbc);
    this.deadLetters = new DeadLetters(jdbc);
    this.partitions = partitions;
  }

  /**
   * Applies a batch; its entries stand in the order of the log within each partition.
   *
   * @return what became of the records whose senders asked; valid once this returns, as it does after the commit
   * @throws RecordRefusedException where PostgreSQL refuses the data of one or more records, and nothing was applied
   * @throws DataAccessException where the database is away or busy; nothing was applied, try the same batch again
   */
  public List<Settled> apply(List<LogEntry> batch) {
    return inTransaction(() -> {
      // First, for its row locks: a writer that lost a partition and does not know it yet, and the new owner, take turns.
      LateEvents late = new LateEvents(jdbc, partitions.advance(batch));
      List<Settled> settled = new Batch(spirits, events, deadLetters, late, waitingAtOnce).apply(batch);
      late.save();
      return settled;
    });
  }

  /** Puts a record aside that PostgreSQL refuses when it stands alone. */
  public List<Settled> refuse(LogEntry entry, String detail) {
    return inTransaction(() -> {
      partitions.advance(List.of(entry));
      deadLetters.add(List.of(Rejection.of(entry, RejectionReason.REFUSED, detail)));
      Outcome outcome = Outcomes.rejected(entry, RejectionReason.REFUSED, detail);
      return entry.outcomeAsked() ? List.of(new Settled(entry, outcome)) : List.of();
    });
  }

  /**
   * Runs the statements of a batch and takes everything back, so that the first real one finds the way trodden.
   *
   * @param batch about a spirit that nobody knows, at a position of no partition
   * @throws DataAccessException where the database is away
   */
  public void rehearse(List<LogEntry> batch) {
    transactions.executeWithoutResult(transaction -> {
      transaction.setRollbackOnly();
      LateEvents late = new LateEvents(jdbc, partitions.advance(batch));
      new Batch(spirits, events, deadLetters, late, waitingAtOnce).apply(batch);
    });
  }

  private interface Work {
    List<Settled> run();
  }

  private List<Settled> inTransaction(Work work) {
    try {
      List<Settled> settled = transactions.execute(_ -> work.run());
      return settled == null ? List.of() : settled;
    } catch (DataAccessException e) {
      SQLException cause = sqlException(e);
      if (cause != null && isAboutTheData(cause)) {
        throw new RecordRefusedException(cause);
      }
      throw e;
    }
  }

  /** Classes 22, 23 and 54 of PostgreSQL's error codes (manual, appendix A); everything else may pass by itself. */
  private static boolean isAboutTheData(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  private static @Nullable SQLException sqlException(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
