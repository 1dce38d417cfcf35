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
import org.jspecify.annotations.Nullable;

/** The requests of this instance that wait for an outcome. */
final class WaitingRequests {
  private final String instance = UUID.randomUUID().toString();
  private final AtomicLong count = new AtomicLong();
  private final Map<String, Request> waiting = new ConcurrentHashMap<>();

  String instance() {
    return instance;
  }

  /** To be opened before the change is published, as the outcome may overtake the acknowledgement. */
  Request open() {
    Request request = new Request(new ReplyTo(instance, Long.toHexString(count.incrementAndGet())));
    waiting.put(request.replyTo.requestId(), request);
    return request;
  }

  @Nullable
  Request find(String requestId) {
    return waiting.get(requestId);
  }

  /** Ends every wait, for when no outcome will come any more. */
  void release() {
    waiting.values().forEach(request -> request.over.countDown());
  }

  final class Request implements AutoCloseable {
    private final ReplyTo replyTo;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable Outcome outcome;

    private Request(ReplyTo replyTo) {
      this.replyTo = replyTo;
    }

    ReplyTo replyTo() {
      return replyTo;
    }

    void settle(Outcome settled) {
      outcome = settled;
      over.countDown();
    }

    /** The outcome, if it comes before {@link System#nanoTime()} reaches the deadline. */
    Optional<Outcome> await(long deadline) {
      try {
        var _ = over.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return Optional.ofNullable(outcome);
    }

    @Override
    public void close() {
      waiting.remove(replyTo.requestId());
    }
  }
}
