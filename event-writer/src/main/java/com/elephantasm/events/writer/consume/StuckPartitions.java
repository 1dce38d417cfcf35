package com.elephantasm.events.writer.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * The partitions of one consumer whose records cannot be stored for now. Each is paused and tried again by itself, at longer and
 * longer intervals, so one that fails for long neither holds up the others nor shortens its own pauses by their success.
 */
final class StuckPartitions {
  private static final Logger LOG = LoggerFactory.getLogger(StuckPartitions.class);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration STEP = Duration.ofMillis(100);

  /** Since when and for how long records wait for their next try. */
  private record Waiting(List<ConsumerRecord<byte[], byte[]>> records, Duration pause, long since) {
    boolean isOver() {
      return System.nanoTime() - since >= pause.toNanos();
    }

    Waiting longer() {
      Duration twice = pause.multipliedBy(2);
      return new Waiting(records, twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE, System.nanoTime());
    }
  }

  private final BatchMessageListener<byte[], byte[]> listener;
  private final Consumer<byte[], byte[]> consumer;
  private final MessageListenerContainer container;
  private final java.util.function.Consumer<Exception> failed;
  private final Map<TopicPartition, Waiting> stuck = new LinkedHashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();

  /** @param failed is told of every try that failed */
  StuckPartitions(BatchMessageListener<byte[], byte[]> listener, Consumer<byte[], byte[]> consumer,
      MessageListenerContainer container, java.util.function.Consumer<Exception> failed) {
    this.listener = listener;
    this.consumer = consumer;
    this.container = container;
    this.failed = failed;
  }

  /** Returns when everything is stored, these records and what was polled since, and the offsets are committed. */
  void tryUntilStored(ConsumerRecords<byte[], byte[]> failed, Exception failure) {
    try {
      setAside(failed, failure);
      while (!stuck.isEmpty() || !uncommitted.isEmpty()) {
        poll();
        tryAgain(stuck.entrySet().stream().filter(partition -> partition.getValue().isOver()).map(Map.Entry::getKey)
            .toList());
        commit();
      }
    } finally {
      // Whatever ended the tries: the next poll must bring the records again, not what follows them.
      stuck.keySet().retainAll(consumer.assignment());
      stuck.forEach((partition, waiting) -> consumer.seek(partition, waiting.records().getFirst().offset()));
      consumer.resume(consumer.assignment());
    }
  }

  private void setAside(ConsumerRecords<byte[], byte[]> records, Exception failure) {
    LOG.warn("Cannot store {} records of {}, trying again in {} ms: {}", records.count(), records.partitions(),
        SHORTEST_PAUSE.toMillis(), reason(failure));
    LOG.debug("The failure was", failure);
    failed.accept(failure);
    for (TopicPartition partition : records.partitions()) {
      stuck.put(partition, new Waiting(records.records(partition), SHORTEST_PAUSE, System.nanoTime()));
    }
  }

  private void poll() {
    if (!container.isRunning()) {
      throw new KafkaException("stopped while records could not be stored; they are read again after the next start");
    }
    consumer.pause(stuck.keySet());
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(STEP);
    // What a rebalance took away, its new owner reads again.
    stuck.keySet().retainAll(consumer.assignment());
    uncommitted.keySet().retainAll(consumer.assignment());
    if (!polled.isEmpty()) {
      try {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(polled.count());
        polled.forEach(records::add);
        listener.onMessage(records);
        polled.partitions().forEach(partition -> stored(partition, polled.records(partition)));
      } catch (RuntimeException e) {
        setAside(polled, e);
      }
    }
  }

  /** Together, which is one transaction; where that fails and there is a database, each alone. */
  private void tryAgain(Collection<TopicPartition> due) {
    List<ConsumerRecord<byte[], byte[]>> records = due.stream().flatMap(partition -> records(partition).stream())
        .toList();
    if (records.isEmpty()) {
      return;
    }
    try {
      listener.onMessage(records);
      due.forEach(this::storedAtLast);
    } catch (RuntimeException e) {
      if (due.size() == 1 || e instanceof CannotCreateTransactionException) {
        waitLonger(due, e);
      } else {
        for (TopicPartition partition : due) {
          // A try may take a minute, where somebody holds a lock.
          poll();
          tryAgain(List.of(partition));
        }
      }
    }
  }

  private void waitLonger(Collection<TopicPartition> partitions, RuntimeException failure) {
    partitions.forEach(partition -> stuck.computeIfPresent(partition, (_, waiting) -> waiting.longer()));
    LOG.warn("Still cannot store the records of {}: {}", partitions, reason(failure));
    LOG.debug("The failure was", failure);
    failed.accept(failure);
  }

  private List<ConsumerRecord<byte[], byte[]>> records(TopicPartition partition) {
    Waiting waiting = stuck.get(partition);
    return waiting == null ? List.of() : waiting.records();
  }

  private void storedAtLast(TopicPartition partition) {
    List<ConsumerRecord<byte[], byte[]>> records = records(partition);
    LOG.info("Stored the {} records of {}", records.size(), partition);
    stored(partition, records);
    consumer.resume(List.of(partition));
  }

  private void stored(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    stuck.remove(partition);
    uncommitted.put(partition, new OffsetAndMetadata(records.getLast().offset() + 1));
  }

  /** What cannot be committed now is committed after a later poll. */
  private void commit() {
    if (!uncommitted.isEmpty()) {
      try {
        consumer.commitSync(uncommitted);
        uncommitted.clear();
      } catch (RetriableException | RebalanceInProgressException | CommitFailedException e) {
        LOG.warn("Cannot commit {}, trying again: {}", uncommitted, reason(e));
      }
    }
  }

  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.toString();
  }
}
