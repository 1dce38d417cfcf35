package com.elephantasm.events.writer.consume;

import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.log.RecordTraces;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.progress.StoreProgress;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.DefectException;
import com.elephantasm.events.writer.store.LogEntry;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.RecordFailureException;
import com.elephantasm.events.writer.store.Settled;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Applies each poll as one batch, tells those who asked, and returns; then the container commits the offsets. A crash anywhere
 * in between brings the same records again, which changes nothing. What the database refuses is isolated here, by halving;
 * when the database is away, the exception goes to {@link RetryForever}.
 */
final class ChangeConsumer implements BatchMessageListener<byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeConsumer.class);
  /** Decoded, as parameters and as hexadecimal digits a record takes many times its size, and a poll may bring 50 MB and more. */
  private static final long BYTES_AT_ONCE = 4_000_000;
  /** How often a record must fail by itself before it, and not an accident, is to blame. */
  static final int TRIES_AT_A_DEFECT = 5;

  private final ChangeStore store;
  private final LogPartitions partitions;
  private final TopicIds topicIds;
  private final OutcomePublisher outcomes;
  private final StoreProgress progress;
  private final ConsumerReports reports;
  private final BatchTraces traces;
  private final Map<TopicPartition, Long> lastOffsets = new ConcurrentHashMap<>();
  private final Map<RecordPosition, Integer> failedTries = new ConcurrentHashMap<>();

  ChangeConsumer(ChangeStore store, LogPartitions partitions, TopicIds topicIds, OutcomePublisher outcomes,
      StoreProgress progress, ConsumerReports reports, BatchTraces traces) {
    this.store = store;
    this.partitions = partitions;
    this.topicIds = topicIds;
    this.outcomes = outcomes;
    this.progress = progress;
    this.reports = reports;
    this.traces = traces;
  }

  /** An error, such as of memory, must not end the consumer: it would be gone from a process that goes on. */
  @Override
  public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
    try {
      applyInPieces(records);
    } catch (Error e) {
      throw new KafkaException("an error ended the batch; it is tried again", e);
    }
  }

  private void applyInPieces(List<ConsumerRecord<byte[], byte[]>> records) {
    List<LogEntry> piece = new ArrayList<>();
    Instant read = Instant.now();
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
      if (bytes + size > BYTES_AT_ONCE && !piece.isEmpty()) {
        apply(piece, read);
        piece.clear();
        read = Instant.now();
        bytes = 0;
      }
      piece.add(entry(record));
      bytes += size;
    }
    if (!piece.isEmpty()) {
      apply(piece, read);
    }
  }

  private void apply(List<LogEntry> piece, Instant read) {
    traces.process(piece, read, trace -> apply(piece, trace));
  }

  private LogEntry entry(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition read = new TopicPartition(record.topic(), record.partition());
    Long before = lastOffsets.put(read, record.offset());
    if (before != null && record.offset() <= before) {
      // Read again, or a topic of the same name that was made anew without a rebalance.
      topicIds.forget();
    }
    ReceivedRecord received = KafkaRecords.received(record);
    return LogEntry.of(partitions.idOf(topicIds.of(record.topic()), record.topic(), record.partition()), received);
  }

  private void apply(List<LogEntry> batch, BatchTrace trace) {
    try {
      settle(batch, trace.inTransaction(batch, () -> store.apply(batch)));
      if (!failedTries.isEmpty()) {
        batch.forEach(entry -> failedTries.remove(entry.record().position()));
      }
    } catch (RecordFailureException e) {
      isolate(batch, trace, e);
    }
  }

  /** The first half is committed before the second is tried, so the order of the log is kept. */
  private void isolate(List<LogEntry> batch, BatchTrace trace, RecordFailureException e) {
    if (batch.size() == 1) {
      putAside(batch.getFirst(), trace, e);
      return;
    }
    int middle = batch.size() / 2;
    apply(batch.subList(0, middle), trace);
    apply(batch.subList(middle, batch.size()), trace);
  }

  private void putAside(LogEntry entry, BatchTrace trace, RecordFailureException e) {
    RecordPosition position = entry.record().position();
    if (e instanceof DefectException && failedTries.merge(position, 1, Integer::sum) < TRIES_AT_A_DEFECT) {
      throw e;
    }
    try (Scope _ = RecordTraces.about(entry.record()).makeCurrent()) {
      LOG.warn("Putting the record at {} aside: {}", position, e.getMessage());
    }
    List<LogEntry> alone = List.of(entry);
    settle(alone, trace.inTransaction(alone, () -> store.refuse(entry, e.detail())));
    failedTries.remove(position);
  }

  /** Tells those who wait, now that the batch is committed. */
  private void settle(List<LogEntry> batch, List<Settled> settled) {
    progress.applied(batch);
    reports.applied(batch);
    for (Settled one : settled) {
      ReceivedRecord record = one.entry().record();
      if (record.replyTo() != null) {
        outcomes.publish(one.outcome(), record.position(), record.replyTo());
      }
    }
  }
}
