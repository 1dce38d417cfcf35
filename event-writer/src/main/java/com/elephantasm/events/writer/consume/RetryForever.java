package com.elephantasm.events.writer.consume;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * What is left when the listener has isolated whatever can be isolated: the database is away or busy, or there is a bug. The
 * same batch is tried until it succeeds, however long that takes: nothing is skipped, nothing goes to the dead letters.
 * Between the tries the partitions are paused and the consumer polls, so it stays a member of its group and keeps them.
 *
 * <p>Not Spring's {@code DefaultErrorHandler}: it gives up on some exceptions at once, and a record given up is a record lost.
 */
final class RetryForever implements CommonErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RetryForever.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(100);

  @Override
  public void handleBatch(Exception thrown, ConsumerRecords<?, ?> data, Consumer<?, ?> consumer,
      MessageListenerContainer container, Runnable invokeListener) {
    Exception failure = thrown;
    Duration pause = SHORTEST_PAUSE;
    try {
      while (true) {
        LOG.warn("Cannot store a batch of {} records, trying again in {} ms: {}", data.count(), pause.toMillis(),
            reason(failure));
        LOG.debug("The failure was", failure);
        await(pause, consumer, container);
        try {
          invokeListener.run();
          LOG.info("Stored the batch of {} records", data.count());
          return;
        } catch (RuntimeException e) {
          failure = e;
        }
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
      }
    } finally {
      consumer.resume(consumer.assignment());
    }
  }

  private static void await(Duration pause, Consumer<?, ?> consumer, MessageListenerContainer container) {
    for (long left = pause.toNanos(); left > 0; left -= STEP.toNanos()) {
      if (!container.isRunning()) {
        throw new KafkaException("stopped while a batch could not be stored; it is read again after the next start");
      }
      LockSupport.parkNanos(STEP.toNanos());
      // Also what a rebalance brought since the last time.
      consumer.pause(consumer.assignment());
      ConsumerRecords<?, ?> early = consumer.poll(Duration.ZERO);
      early.partitions().forEach(p -> consumer.seek(p, early.records(p).getFirst().offset()));
    }
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.toString();
  }

  @Override
  public boolean seeksAfterHandling() {
    return false;
  }
}
