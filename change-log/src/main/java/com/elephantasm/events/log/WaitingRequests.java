package com.elephantasm.events.log;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.ReplyTo;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The requests of this instance that wait for an outcome. */
final class WaitingRequests {
  private final String instance = UUID.randomUUID().toString();
  private final AtomicLong count = new AtomicLong();
  private final Map<String, Request<?>> waiting = new ConcurrentHashMap<>();
  private volatile boolean released;

  String instance() {
    return instance;
  }

  /**
   * To be opened before the change is published, as the outcome may overtake the acknowledgement.
   *
   * @param keep what is kept of the outcome until somebody asks: it holds a whole event; must not throw
   */
  <T> Request<T> open(Function<Outcome, T> keep) {
    Request<T> request = new Request<>(new ReplyTo(instance, Long.toHexString(count.incrementAndGet())), keep);
    waiting.put(request.replyTo.requestId(), request);
    if (released) {
      request.over.countDown();
    }
    return request;
  }

  @Nullable
  Request<?> find(String requestId) {
    return waiting.get(requestId);
  }

  /** Lets requests wait. */
  void begin() {
    released = false;
  }

  /** Ends every wait, also those that come yet, for when no outcome will come any more. */
  void release() {
    released = true;
    waiting.values().forEach(request -> request.over.countDown());
  }

  final class Request<T> implements AutoCloseable {
    private final ReplyTo replyTo;
    private final Function<Outcome, T> keep;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable T kept;

    private Request(ReplyTo replyTo, Function<Outcome, T> keep) {
      this.replyTo = replyTo;
      this.keep = keep;
    }

    ReplyTo replyTo() {
      return replyTo;
    }

    void settle(Outcome outcome) {
      kept = keep.apply(outcome);
      over.countDown();
    }

    boolean isOver() {
      return over.getCount() == 0;
    }

    /** What was kept of the outcome, if it comes before {@link System#nanoTime()} reaches the deadline. */
    Optional<T> await(long deadline) {
      try {
        var _ = over.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return Optional.ofNullable(kept);
    }

    @Override
    public void close() {
      waiting.remove(replyTo.requestId());
    }
  }
}
