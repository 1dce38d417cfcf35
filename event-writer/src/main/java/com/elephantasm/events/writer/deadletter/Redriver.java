package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.log.ChangeLog;
import com.elephantasm.events.log.ChangeTooLargeException;
import com.elephantasm.events.log.LogUnavailableException;
import com.elephantasm.events.log.Receipt;
import com.elephantasm.events.log.RecordTraces;
import com.elephantasm.events.log.Sent;
import com.elephantasm.events.writer.deadletter.DeadLetterQueries.Next;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.store.Decisions;
import com.elephantasm.events.writer.store.Decisions.Claimed;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the records of dead letters again. Whoever applies them says in the store what came of it, and does nothing more:
 * nothing is ever redriven but by a request.
 */
final class Redriver {
  /** Letters that are in memory at once; a record may be as large as Kafka takes. */
  private static final int AT_ONCE = 100;
  private static final long BYTES_AT_ONCE = 8L << 20;
  private static final String NOT_ACKNOWLEDGED = "the log did not acknowledge the record in time";

  private final DeadLetterQueries letters;
  private final Decisions decisions;
  private final ReadTransactions transactions;
  private final ChangeLog log;
  private final Admission admission;

  Redriver(DeadLetterQueries letters, Decisions decisions, ReadTransactions transactions, ChangeLog log,
      Admission admission) {
    this.letters = letters;
    this.decisions = decisions;
    this.transactions = transactions;
    this.log = log;
    this.admission = admission;
  }

  /** A redrive whose record the log has. */
  record Published(UUID redrive, Receipt receipt) {}

  /**
   * Publishes one, and waits until the store says what came of it, or the time is up.
   *
   * @param value what the record is to have in place of its own value
   * @return empty where the letter cannot be redriven in the state in which it is
   * @throws LogUnavailableException the letter is as it was
   * @throws ChangeTooLargeException likewise
   * @throws ProblemException 503 where the database is away
   */
  Optional<Published> redrive(long letter, byte @Nullable [] value, Decisions.Terms terms, Duration wait) {
    List<Claimed> claims = transactions.unlessAway(() -> decisions.claim(List.of(letter), terms));
    if (claims.isEmpty()) {
      return Optional.empty();
    }
    Claimed claimed = value == null ? claims.getFirst() : claims.getFirst().withValue(value);
    long deadline = System.nanoTime() + wait.toNanos();
    try (Sent<Boolean> sent = log.sendAgain(claimed.record(), claimed.redrive(), Duration.ZERO, _ -> true)) {
      Receipt receipt = sent.receipt();
      if (!wait.isZero()) {
        var _ = admission.waiting(() -> sent.outcome(deadline));
      }
      return Optional.of(new Published(claimed.redrive().id(), receipt));
    } catch (LogUnavailableException e) {
      unpublished(claimed, NOT_ACKNOWLEDGED, true);
      throw e;
    } catch (ChangeTooLargeException e) {
      unpublished(claimed, String.valueOf(e.getMessage()), false);
      throw e;
    }
  }

  private void unpublished(Claimed claimed, String detail, boolean again) {
    transactions.unlessAway(() -> {
      decisions.unpublished(claimed, detail, again);
      return true;
    });
  }

  /** What has been done of a request to redrive many, also where it fails. */
  static final class Run {
    private final UUID id;
    private long redriven;
    private long tooLarge;

    Run(UUID id) {
      this.id = id;
    }

    UUID id() {
      return id;
    }

    long redriven() {
      return redriven;
    }

    long tooLarge() {
      return tooLarge;
    }
  }

  /**
   * Publishes those of a filter that can be redriven, in the order of the log and each at most once.
   *
   * @param beside what else they must meet
   * @param highestId none that came after
   * @throws LogUnavailableException those that were not published are as they were
   * @throws ProblemException 503 where the database is away
   */
  void redrive(LetterFilter filter, String beside, long highestId, long limit, Decisions.Terms terms, Run run) {
    try (Scope _ = RecordTraces.ofManyRecords().makeCurrent()) {
      redriveAll(filter, beside, highestId, limit, terms, run);
    }
  }

  private void redriveAll(LetterFilter filter, String beside, long highestId, long limit, Decisions.Terms terms,
      Run run) {
    Next last = Next.FIRST;
    while (run.redriven + run.tooLarge < limit) {
      int atMost = (int) Math.min(AT_ONCE, limit - run.redriven - run.tooLarge);
      List<Next> next = upToBytes(letters.next(filter, beside, highestId, last, atMost));
      if (next.isEmpty()) {
        return;
      }
      last = next.getLast();
      List<Long> ids = next.stream().map(Next::id).toList();
      publish(transactions.unlessAway(() -> decisions.claim(ids, terms)), run);
    }
  }

  private static List<Next> upToBytes(List<Next> letters) {
    long bytes = 0;
    List<Next> some = new ArrayList<>();
    for (Next letter : letters) {
      bytes += letter.bytes();
      if (bytes > BYTES_AT_ONCE && !some.isEmpty()) {
        break;
      }
      some.add(letter);
    }
    return some;
  }

  private record OnItsWay(Claimed claimed, Sent<Void> sent) {}

  /** Sends all, then waits for all: where the log is away, each of them must be known to be as it was. */
  private void publish(List<Claimed> claims, Run run) {
    List<OnItsWay> sent = claims.stream().map(claimed -> new OnItsWay(claimed,
        log.<Void>sendAgain(claimed.record(), claimed.redrive(), ChangeLog.UNTIL_THERE_IS_ROOM))).toList();
    LogUnavailableException failure = null;
    for (OnItsWay one : sent) {
      try {
        one.sent().receipt();
        run.redriven++;
      } catch (ChangeTooLargeException e) {
        unpublished(one.claimed(), String.valueOf(e.getMessage()), false);
        run.tooLarge++;
      } catch (LogUnavailableException e) {
        failure = e;
        unpublished(one.claimed(), NOT_ACKNOWLEDGED, true);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
