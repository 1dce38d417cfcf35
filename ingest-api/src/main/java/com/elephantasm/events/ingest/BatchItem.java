package com.elephantasm.events.ingest;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.log.ChangeTooLargeException;
import com.elephantasm.events.log.LogUnavailableException;
import com.elephantasm.events.log.Receipt;
import com.elephantasm.events.log.Sent;
import com.elephantasm.events.schema.EventId;

/** One event of a batch on its way. It holds nothing of the event's content. */
sealed interface BatchItem {
  /** Whether {@link #await} returns at once. */
  boolean isSettled();

  /** Blocks until it is known what became of the event, which the tally then counts. */
  ItemResult await(Tally tally);

  /** Blocks until the event is in the log, or is not and will not be. */
  void awaitAcknowledgement();

  /** Nobody wants to know any more. */
  void abandon();

  /** One that was not published. */
  record Refused(ItemResult result) implements BatchItem {
    @Override
    public boolean isSettled() {
      return true;
    }

    @Override
    public ItemResult await(Tally tally) {
      return tally.count(result);
    }

    @Override
    public void awaitAcknowledgement() {
      // It was not published.
    }

    @Override
    public void abandon() {
      // It waits for nothing.
    }
  }

  /**
   * One that was published.
   *
   * @param deadline by {@link System#nanoTime()}, until when its outcome is waited for if it was asked for
   */
  record Published(EventId id, Sent<ItemResult> sent, long deadline) implements BatchItem {
    @Override
    public boolean isSettled() {
      return sent.isSettled();
    }

    @Override
    public ItemResult await(Tally tally) {
      try (sent) {
        Receipt receipt = sent.receipt();
        tally.published(receipt.position());
        return tally.count(sent.outcome(deadline).orElseGet(() -> ItemResult.accepted(id)));
      } catch (LogUnavailableException _) {
        return tally.count(ItemResult.failed(Problem.logUnavailable()));
      } catch (ChangeTooLargeException e) {
        return tally
            .count(ItemResult.failed(Problem.of(ProblemType.TOO_LARGE, String.valueOf(e.getMessage()))));
      }
    }

    @Override
    public void awaitAcknowledgement() {
      sent.awaitAcknowledgement();
    }

    @Override
    public void abandon() {
      sent.close();
    }
  }
}
