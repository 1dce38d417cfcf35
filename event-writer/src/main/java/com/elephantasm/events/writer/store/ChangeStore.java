package com.elephantasm.events.writer.store;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
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
  private final EventInsert newEvents;
  private final DeadLetters deadLetters;
  private final Settlements settlements;
  private final LogPartitions partitions;
  private final Privileges privileges;
  private final StoreMeters meters;
  private final int waitingAtOnce;

  /**
   * @param waitingAtOnce how many records that waited for a spirit are in memory at once; each may be as large as Kafka takes
   */
  ChangeStore(TransactionTemplate transactions, DataSource dataSource, LogPartitions partitions, StoreMeters meters,
      int waitingAtOnce) {
    this.meters = meters;
    this.waitingAtOnce = waitingAtOnce;
    this.transactions = transactions;
    this.jdbc = StoreConfiguration.bounded(dataSource);
    this.spirits = new SpiritRows(jdbc);
    this.events = new EventRows(jdbc);
    this.newEvents = new EventInsert(events, dataSource);
    this.deadLetters = new DeadLetters(jdbc);
    this.settlements = new Settlements(jdbc);
    this.partitions = partitions;
    this.privileges = new Privileges(jdbc);
  }

  /** A store whose tables are those of the data source's schema, as another one than that of the service. Nobody counts there. */
  public static ChangeStore in(DataSource dataSource, LogPartitions partitions) {
    return new ChangeStore(new TransactionTemplate(new JdbcTransactionManager(dataSource)), dataSource, partitions,
        new StoreMeters(new CompositeMeterRegistry(), Clock.systemUTC()), StoreConfiguration.WAITING_AT_ONCE);
  }

  /**
   * Applies a batch; its entries stand in the order of the log within each partition.
   *
   * @return what became of the records whose senders asked; valid once this returns, as it does after the commit
   * @throws RecordRefusedException where PostgreSQL refuses the data of one or more records, and nothing was applied
   * @throws DefectException where the writer fails at one or more records, and nothing was applied
   * @throws MissingPrivilegeException where the role of the service may not; nothing was applied, try the same batch again
   * @throws DataAccessException where the database is away or busy; nothing was applied, try the same batch again
   * @throws TransactionException likewise
   */
  public List<Settled> apply(List<LogEntry> batch) {
    return measured(batch, (transaction, fates) -> apply(batch, transaction, fates));
  }

  private Applied apply(List<LogEntry> batch, TransactionStatus transaction, BatchFates fates) {
    // First, for its row locks: a writer that lost a partition and does not know it yet, and the new owner, take turns.
    Map<Integer, Long> reached = partitions.advance(batch);
    return new Applied(apply(batch, transaction, reached, Batch.Manner.live(fates)), reached);
  }

  private List<Settled> apply(List<LogEntry> batch, TransactionStatus transaction, Map<Integer, Long> reached,
      Batch.Manner manner) {
    LateEvents late = new LateEvents(jdbc, reached);
    Savepoints savepoints = new Savepoints(transaction, jdbc);
    List<Settled> settled = new Batch(spirits, events, newEvents, deadLetters, late, savepoints, waitingAtOnce, manner)
        .apply(batch);
    settlements.save(settled);
    late.save();
    return settled;
  }

  /**
   * Applies a batch of a replay, in one transaction with what its caller notes about it. Nobody is told of outcomes, but those of
   * redrives are written down.
   *
   * @param note is given what became of the records, as the last thing of the transaction
   * @throws RecordRefusedException as {@link #apply(List)} does; then {@link #replayRefused}
   * @throws DefectException likewise
   * @throws DataAccessException where the database is away or busy; nothing was applied, try the same batch again
   * @throws TransactionException likewise
   */
  public void replay(List<LogEntry> batch, ReplayTerms terms, Consumer<Tally> note) {
    inTransaction(transaction -> {
      Map<Integer, Long> reached = terms.advances() ? partitions.advance(batch) : partitions.hold(batch);
      BatchFates fates = new BatchFates();
      Predicate<LogEntry> isBehind = entry -> LateEvents.isBehind(reached, entry.position());
      List<LogEntry> applied = terms.leavesAhead() ? batch.stream().filter(isBehind).toList() : batch;
      fates.skipped(batch.size() - applied.size());
      if (!applied.isEmpty()) {
        apply(applied, transaction, reached, new Batch.Manner(entry -> entry.record().redrive() != null,
            terms.notesRejections() ? _ -> true : terms.advances() ? isBehind.negate() : _ -> false,
            terms.heedsLettersAhead(), fates));
      }
      note.accept(fates.tally(applied));
      return true;
    });
  }

  /** Puts a record of a replay aside that cannot be applied even when it stands alone. */
  public void replayRefused(LogEntry entry, ReplayTerms terms, String detail, Consumer<Tally> note) {
    inTransaction(_ -> {
      Map<Integer, Long> reached = terms.advances() ? partitions.advance(List.of(entry)) : Map.of();
      boolean isBehind = LateEvents.isBehind(reached, entry.position());
      if (terms.notesRejections() || terms.advances() && !isBehind) {
        deadLetters.add(List.of(Rejection.of(entry, RejectionReason.REFUSED, detail)));
      }
      Tally tally = new Tally();
      tally.add(Fate.REJECTED, 1);
      note.accept(tally);
      return true;
    });
  }

  /** Puts a record aside that cannot be applied even when it stands alone. */
  public List<Settled> refuse(LogEntry entry, String detail) {
    return measured(List.of(entry), (_, fates) -> {
      Map<Integer, Long> reached = partitions.advance(List.of(entry));
      fates.is(entry, Fate.REJECTED, RejectionReason.REFUSED, 1);
      deadLetters.add(List.of(Rejection.of(entry, RejectionReason.REFUSED, detail)));
      Outcome outcome = Outcomes.rejected(entry, RejectionReason.REFUSED, detail);
      List<Settled> settled = entry.outcomeAsked() ? List.of(new Settled(entry, outcome)) : List.of();
      settlements.save(settled);
      return new Applied(settled, reached);
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
      apply(batch, transaction, new BatchFates());
    });
  }

  /** @param reached the positions before, by partition */
  private record Applied(List<Settled> settled, Map<Integer, Long> reached) {}

  private interface LiveWork {
    Applied run(TransactionStatus transaction, BatchFates fates);
  }

  private List<Settled> measured(List<LogEntry> batch, LiveWork work) {
    BatchFates fates = new BatchFates();
    long begin = System.nanoTime();
    Applied applied;
    try {
      applied = inTransaction(transaction -> work.run(transaction, fates));
    } catch (RuntimeException e) {
      meters.rolledBack(System.nanoTime() - begin);
      throw privileges.named(e);
    }
    meters.committed(batch, applied.reached(), fates, System.nanoTime() - begin);
    return applied.settled();
  }

  private <T> T inTransaction(TransactionCallback<T> work) {
    try {
      return requireNonNull(transactions.execute(work));
    } catch (RuntimeException e) {
      throw Failures.judged(e);
    }
  }
}
