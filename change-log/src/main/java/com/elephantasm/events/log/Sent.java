package com.elephantasm.events.log;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the log. Holds nothing of the change itself, so that many can be waited for in the order in which
 * they were sent.
 *
 * @param <T> what is kept of the outcome
 */
public final class Sent<T> implements AutoCloseable {
  private final CompletableFuture<Receipt> acknowledgement;
  private final WaitingRequests.@Nullable Request<T> request;

  Sent(CompletableFuture<Receipt> acknowledgement, WaitingRequests.@Nullable Request<T> request) {
    this.acknowledgement = acknowledgement;
    this.request = request;
  }

  /** Whether neither {@link #receipt()} nor {@link #outcome} would block. */
  public boolean isSettled() {
    return acknowledgement.isDone()
        && (request == null || request.isOver() || acknowledgement.isCompletedExceptionally());
  }

  /** Blocks until {@link #receipt()} would not, and throws nothing. */
  public void awaitAcknowledgement() {
    var _ = acknowledgement.handle((_, _) -> true).join();
  }

  /**
   * Blocks until all in-sync replicas have the record or publishing has failed, which is at the latest
   * {@link LogSettings#deliveryTimeout()} after it was sent.
   *
   * @throws LogUnavailableException where the log did not acknowledge it; try again later
   * @throws ChangeTooLargeException where it never will
   */
  public Receipt receipt() {
    try {
      return acknowledgement.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("the service is stopping", e);
    } catch (ExecutionException e) {
      throw ChangeLog.failure(e);
    }
  }

  /**
   * Blocks until the writer has said what it made of the change, {@link System#nanoTime()} reaches the deadline, or the service
   * stops.
   *
   * @return empty in the last two cases, and where nobody asked for the outcome
   */
  public Optional<T> outcome(long deadline) {
    return request == null ? Optional.empty() : request.await(deadline);
  }

  /** Waits for nothing any more. */
  @Override
  public void close() {
    if (request != null) {
      request.close();
    }
  }
}
