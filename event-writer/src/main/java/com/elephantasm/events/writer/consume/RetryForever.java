package com.elephantasm.events.writer.consume;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
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

  private final java.util.function.Consumer<Exception> failed;

  /** @param failed is told of every try that failed */
  RetryForever(java.util.function.Consumer<Exception> failed) {
    this.failed = failed;
  }

  @Override
  public void handleBatch(Exception thrown, ConsumerRecords<?, ?> data, Consumer<?, ?> consumer,
      MessageListenerContainer container, Runnable invokeListener) {
    boolean stored = false;
    try {
      retry(thrown, data, consumer, container, invokeListener);
      stored = true;
    } finally {
      if (!stored) {
        // Whatever ended the tries: the next poll must bring the batch again, not what follows it.
        seekBack(data, consumer);
      }
      consumer.resume(consumer.assignment());
    }
  }

  private void retry(Exception thrown, ConsumerRecords<?, ?> data, Consumer<?, ?> consumer,
      MessageListenerContainer container, Runnable invokeListener) {
    Exception failure = thrown;
    Duration pause = SHORTEST_PAUSE;
    while (true) {
      LOG.warn("Cannot store a batch of {} records, trying again in {} ms: {}", data.count(), pause.toMillis(),
          reason(failure));
      LOG.debug("The failure was", failure);
      failed.accept(failure);
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
  }

  private static void await(Duration pause, Consumer<?, ?> consumer, MessageListenerContainer container) {
    for (long left = pause.toNanos(); left > 0; left -= STEP.toNanos()) {
      if (!container.isRunning()) {
        throw new KafkaException("stopped while a batch could not be stored; it is read again after the next start");
      }
      LockSupport.parkNanos(STEP.toNanos());
      // Also what a rebalance brought since the last time.
      consumer.pause(consumer.assignment());
      seekBack(consumer.poll(Duration.ZERO), consumer);
    }
  }

  private static void seekBack(ConsumerRecords<?, ?> records, Consumer<?, ?> consumer) {
    Set<TopicPartition> assigned = consumer.assignment();
    for (TopicPartition partition : records.partitions()) {
      if (assigned.contains(partition)) {
        consumer.seek(partition, records.records(partition).getFirst().offset());
      }
    }
  }

  /** Of the poll itself, such as a permission that was taken away. The container polls again. */
  @Override
  public void handleOtherException(Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container,
      boolean batchListener) {
    LOG.warn("Cannot read the log, trying again in {} ms: {}", LONGEST_PAUSE.toMillis(), reason(thrown));
    for (long left = LONGEST_PAUSE.toNanos(); left > 0 && container.isRunning(); left -= STEP.toNanos()) {
      LockSupport.parkNanos(STEP.toNanos());
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
