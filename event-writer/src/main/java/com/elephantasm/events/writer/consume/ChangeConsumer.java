package com.elephantasm.events.writer.consume;

import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.writer.progress.StoreProgress;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogEntry;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.RecordRefusedException;
import com.elephantasm.events.writer.store.Settled;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Applies each poll as one batch, tells those who asked, and returns; then the container commits the offsets. A crash anywhere
 * in between brings the same records again, which changes nothing. What the database refuses is isolated here, by halving;
 * when the database is away, the exception goes to {@link RetryForever}.
 */
final class ChangeConsumer implements BatchMessageListener<byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeConsumer.class);
  private final ChangeStore store;
  private final LogPartitions partitions;
  private final TopicIds topicIds;
  private final OutcomePublisher outcomes;
  private final StoreProgress progress;
  private final ConsumerReports reports;
  private final Map<TopicPartition, Long> lastOffsets = new ConcurrentHashMap<>();

  ChangeConsumer(ChangeStore store, LogPartitions partitions, TopicIds topicIds, OutcomePublisher outcomes,
      StoreProgress progress, ConsumerReports reports) {
    this.store = store;
    this.partitions = partitions;
    this.topicIds = topicIds;
    this.outcomes = outcomes;
    this.progress = progress;
    this.reports = reports;
  }

  @Override
  public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
    apply(records.stream().map(this::entry).toList());
  }

  private LogEntry entry(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition read = new TopicPartition(record.topic(), record.partition());
    Long before = lastOffsets.put(read, record.offset());
    if (before != null && record.offset() <= before) {
      // Read again, or a topic of the same name that was made anew without a rebalance.
      topicIds.forget();
    }
    ReceivedRecord received = KafkaRecords.received(record);
    int partition = partitions.idOf(topicIds.of(record.topic()), record.topic(), record.partition());
    return new LogEntry(partition, received, ChangeCodec.decode(received));
  }

  private void apply(List<LogEntry> batch) {
    try {
      settle(batch, store.apply(batch));
    } catch (RecordRefusedException e) {
      isolate(batch, e);
    }
  }

  /** The first half is committed before the second is tried, so the order of the log is kept. */
  private void isolate(List<LogEntry> batch, RecordRefusedException e) {
    if (batch.size() == 1) {
      LogEntry refused = batch.getFirst();
      LOG.warn("Putting the record at {} aside: {}", refused.record().position(), e.getMessage());
      settle(batch, store.refuse(refused, String.valueOf(e.getMessage())));
      return;
    }
    int middle = batch.size() / 2;
    apply(batch.subList(0, middle));
    apply(batch.subList(middle, batch.size()));
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
