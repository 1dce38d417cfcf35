package com.elephantasm.events.writer.consume;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * What is left when the listener has isolated whatever can be isolated: the database is away or busy, or there is a bug. The
 * same records are tried until they are stored, however long that takes: nothing is skipped, nothing goes to the dead letters.
 * Meanwhile the consumer polls, so it stays a member of its group and keeps its partitions, and those that do not fail go on.
 *
 * <p>Not Spring's {@code DefaultErrorHandler}: it gives up on some exceptions at once, and a record given up is a record lost.
 */
final class RetryForever implements CommonErrorHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RetryForever.class);
  private static final Duration PAUSE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(100);

  private final BatchMessageListener<byte[], byte[]> listener;
  private final java.util.function.Consumer<Exception> failed;
  private final BatchTraces traces;

  /** @param failed is told of every try that failed */
  RetryForever(BatchMessageListener<byte[], byte[]> listener, java.util.function.Consumer<Exception> failed,
      BatchTraces traces) {
    this.listener = listener;
    this.failed = failed;
    this.traces = traces;
  }

  @Override
  @SuppressWarnings("unchecked") // What this handler's container reads is bytes.
  public void handleBatch(Exception thrown, ConsumerRecords<?, ?> data, Consumer<?, ?> consumer,
      MessageListenerContainer container, Runnable invokeListener) {
    StuckPartitions stuck = new StuckPartitions(listener, (Consumer<byte[], byte[]>) consumer, container, failed);
    traces.tryAgain(() -> stuck.tryUntilStored((ConsumerRecords<byte[], byte[]>) data, thrown));
  }

  /** The offsets are committed as soon as the records are stored, and those of other records with them. */
  @Override
  public boolean isAckAfterHandle() {
    return false;
  }

  /** Of the poll itself, such as a permission that was taken away. The container polls again. */
  @Override
  public void handleOtherException(Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container,
      boolean batchListener) {
    LOG.warn("Cannot read the log, trying again in {} ms: {}", PAUSE.toMillis(), StuckPartitions.reason(thrown));
    for (long left = PAUSE.toNanos(); left > 0 && container.isRunning(); left -= STEP.toNanos()) {
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  @Override
  public boolean seeksAfterHandling() {
    return false;
  }
}
