package com.elephantasm.events.writer.replay;

import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.writer.store.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads stretches of the log with consumers of its own, which have partitions assigned and no group: nobody's offsets are
 * touched. Each thread has a share of the partitions, so that the records of each stay in order.
 */
final class LogReading {
  private static final Duration POLL = Duration.ofMillis(200);
  /** Decoded and as parameters a record takes many times its size. */
  private static final long BYTES_AT_ONCE = 4_000_000;

  private final Supplier<KafkaConsumer<byte[], byte[]>> consumers;
  private final ReplayRequest request;
  private final Throttle throttle;
  private final int batchSize;
  private final Runnable checkpoint;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /** @param checkpoint throws where the reading is to stop */
  LogReading(Supplier<KafkaConsumer<byte[], byte[]>> consumers, ReplayRequest request, Throttle throttle,
      int batchSize, Runnable checkpoint) {
    this.consumers = consumers;
    this.request = request;
    this.throttle = throttle;
    this.batchSize = batchSize;
    this.checkpoint = checkpoint;
  }

  void read(List<LogStretch> stretches, int threads, Consumer<ReplayBatch> handler) throws InterruptedException {
    List<Thread> readers = new ArrayList<>();
    for (List<LogStretch> share : shares(stretches, threads)) {
      readers.add(Thread.ofPlatform().name("replay-" + readers.size()).start(() -> readShare(share, handler)));
    }
    try {
      for (Thread reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      failure.compareAndSet(null, new ReplayStoppedException());
      for (Thread reader : readers) {
        reader.interrupt();
      }
      throw e;
    }
    switch (failure.get()) {
      case null -> {
      }
      case Error error -> throw error;
      case RuntimeException e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /** The largest first, each to whoever has least to do. */
  private static List<List<LogStretch>> shares(List<LogStretch> stretches, int threads) {
    List<LogStretch> open = stretches.stream().filter(stretch -> stretch.next() < stretch.end())
        .sorted(Comparator.comparingLong((LogStretch stretch) -> stretch.next() - stretch.end())).toList();
    List<List<LogStretch>> shares = new ArrayList<>();
    for (int i = 0; i < Math.min(threads, open.size()); i++) {
      shares.add(new ArrayList<>());
    }
    for (LogStretch stretch : open) {
      shares.stream().min(Comparator.comparingLong(share -> share.stream().mapToLong(s -> s.end() - s.next()).sum()))
          .orElseThrow().add(stretch);
    }
    return shares;
  }

  private void readShare(List<LogStretch> share, Consumer<ReplayBatch> handler) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumers.get()) {
      Map<TopicPartition, LogStretch> open = new HashMap<>();
      share.forEach(stretch -> open.put(new TopicPartition(stretch.topic(), stretch.partition()), stretch));
      consumer.assign(open.keySet());
      Map<TopicPartition, Long> next = new HashMap<>();
      open.forEach((partition, stretch) -> {
        consumer.seek(partition, stretch.next());
        next.put(partition, stretch.next());
      });
      while (!open.isEmpty()) {
        checkpoint();
        poll(consumer, open, next, handler);
      }
    } catch (OffsetOutOfRangeException e) {
      failure.compareAndSet(null, new ReplayFailedException(
          "the log no longer has what was to be read: %s. Its retention has removed it, or the topic was made anew"
              .formatted(e.offsetOutOfRangePartitions()),
          e));
    } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException _) {
      failure.compareAndSet(null, new ReplayStoppedException());
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Ends also where another thread has failed. */
  private void checkpoint() {
    if (failure.get() != null) {
      throw new ReplayStoppedException();
    }
    checkpoint.run();
  }

  private void poll(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, LogStretch> open,
      Map<TopicPartition, Long> next, Consumer<ReplayBatch> handler) throws InterruptedException {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    for (TopicPartition partition : polled.partitions()) {
      LogStretch stretch = open.get(partition);
      if (stretch != null) {
        next.put(partition,
            handle(stretch, next.getOrDefault(partition, stretch.next()), polled.records(partition), handler));
      }
    }
    boolean ended = false;
    for (LogStretch stretch : List.copyOf(open.values())) {
      TopicPartition partition = new TopicPartition(stretch.topic(), stretch.partition());
      long reached = next.getOrDefault(partition, stretch.next());
      long position = Math.min(consumer.position(partition), stretch.end());
      if (position == stretch.end()) {
        if (reached < position) {
          // Offsets without a record: the marks of transactions, and what was taken back or compacted.
          handler.accept(new ReplayBatch(stretch, List.of(), reached, position, 0));
        }
        open.remove(partition);
        ended = true;
      }
    }
    if (ended && !open.isEmpty()) {
      Map<TopicPartition, Long> positions = new HashMap<>();
      open.keySet().forEach(partition -> positions.put(partition, consumer.position(partition)));
      consumer.assign(open.keySet());
      positions.forEach(consumer::seek);
    }
  }

  /** Returns where the partition stands then. */
  private long handle(LogStretch stretch, long from, List<ConsumerRecord<byte[], byte[]>> records,
      Consumer<ReplayBatch> handler) throws InterruptedException {
    List<LogEntry> entries = new ArrayList<>();
    long begin = from;
    long read = 0;
    long bytes = 0;
    long next = from;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() >= stretch.end()) {
        break;
      }
      long size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
      if (read > 0 && (read >= throttle.atOnce(batchSize) || bytes + size > BYTES_AT_ONCE)) {
        handle(new ReplayBatch(stretch, entries, begin, next, read), handler);
        entries.clear();
        begin = next;
        read = 0;
        bytes = 0;
      }
      LogEntry entry = LogEntry.of(stretch.logPartition(), KafkaRecords.received(record));
      if (isSelected(entry)) {
        entries.add(entry);
      }
      read++;
      bytes += size;
      next = record.offset() + 1;
    }
    if (read > 0) {
      handle(new ReplayBatch(stretch, entries, begin, next, read), handler);
    }
    return next;
  }

  private void handle(ReplayBatch batch, Consumer<ReplayBatch> handler) throws InterruptedException {
    throttle.take(batch.read(), this::checkpoint);
    checkpoint();
    handler.accept(batch);
  }

  private boolean isSelected(LogEntry entry) {
    ReceivedRecord record = entry.record();
    Instant time = record.timestamp();
    if (request.from() instanceof Bound.At(Instant from) && time.isBefore(from)
        || request.to() instanceof Bound.At(Instant to) && !time.isBefore(to)) {
      return false;
    }
    if (request.agentId() == null && request.eventType() == null) {
      return true;
    }
    if (!(entry.content() instanceof DecodedChange.Readable(Change change))) {
      return false;
    }
    boolean ofSpirit = request.agentId() == null || change.spiritId().equals(request.agentId());
    boolean ofType = request.eventType() == null
        || change instanceof Change.EventCreated created && created.event().eventType().equals(request.eventType());
    return ofSpirit && ofType;
  }
}
