package com.elephantasm.events.log;

import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.HeaderNames;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.OutcomeCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the outcomes topic from its end, all partitions, and hands each outcome that this instance asked for to the request
 * that waits for it. No group and no committed offsets: an outcome older than this process has nobody waiting for it.
 */
final class OutcomeReader {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeReader.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final WaitingRequests requests;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = Thread.ofPlatform().name("outcomes").daemon().unstarted(this::run);
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile boolean reading;
  private boolean failing;

  private OutcomeReader(Supplier<Consumer<byte[], byte[]>> consumers, String topic, WaitingRequests requests) {
    this.consumers = consumers;
    this.topic = topic;
    this.requests = requests;
  }

  static OutcomeReader start(Supplier<Consumer<byte[], byte[]>> consumers, String topic, WaitingRequests requests) {
    OutcomeReader reader = new OutcomeReader(consumers, topic, requests);
    reader.thread.start();
    return reader;
  }

  /** Waits until outcomes published from now on will be seen. */
  boolean awaitReady(Duration timeout) {
    return await(ready, timeout);
  }

  /** Whether it knows from where on it reads. */
  boolean isReading() {
    return reading;
  }

  private static boolean await(CountDownLatch latch, Duration timeout) {
    try {
      return latch.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  private void run() {
    do {
      try (Consumer<byte[], byte[]> opened = consumers.get()) {
        // Before it is asked whether to stop, so that stop() finds it.
        consumer = opened;
        if (!isStopped()) {
          read(opened);
        }
      } catch (WakeupException _) {
        // stop() asked for it
      } catch (RuntimeException e) {
        if (!failing) {
          tell(e);
        }
        failing = true;
      } finally {
        reading = false;
      }
    } while (!await(stopped, RETRY));
  }

  private void tell(RuntimeException e) {
    String told = "Cannot read outcomes from {}, trying until it works; requests that wait for one are answered without";
    KafkaRefusals.describe(e, AclOperation.READ).ifPresentOrElse(why -> LOG.error(told + ": {}", topic, why),
        () -> LOG.warn(told, topic, e));
  }

  private void read(Consumer<byte[], byte[]> opened) {
    Set<TopicPartition> assigned = partitions(opened);
    if (assigned.isEmpty()) {
      return;
    }
    opened.assign(assigned);
    opened.seekToEnd(assigned);
    // Seeking is lazy; an outcome that comes before the position is looked up would be missed.
    assigned.forEach(opened::position);
    reading = true;
    ready.countDown();
    failing = false;
    while (!isStopped()) {
      opened.poll(POLL).forEach(this::settle);
      assigned = followPartitions(opened, assigned);
    }
  }

  private Set<TopicPartition> partitions(Consumer<byte[], byte[]> opened) {
    List<PartitionInfo> partitions = opened.partitionsFor(topic);
    return partitions == null
        ? Set.of()
        : partitions.stream().map(p -> new TopicPartition(p.topic(), p.partition())).collect(Collectors.toSet());
  }

  /** What was added is read from its beginning: nothing in it is older than this. */
  private Set<TopicPartition> followPartitions(Consumer<byte[], byte[]> opened, Set<TopicPartition> assigned) {
    Set<TopicPartition> current;
    try {
      // From the cached metadata: asks a broker only where that has none of the topic.
      current = partitions(opened);
    } catch (TimeoutException _) {
      // Kafka is away. The consumer finds back by itself, to where it was; a new one would miss what is published meanwhile.
      return assigned;
    }
    if (current.isEmpty() || current.equals(assigned)) {
      return assigned;
    }
    Set<TopicPartition> added = new HashSet<>(current);
    added.removeAll(assigned);
    opened.assign(current);
    opened.seekToBeginning(added);
    return current;
  }

  private void settle(ConsumerRecord<byte[], byte[]> record) {
    String requestId = header(record, HeaderNames.REQUEST_ID);
    if (requestId == null || !requests.instance().equals(header(record, HeaderNames.REPLY_TO))) {
      return;
    }
    WaitingRequests.Request<?> request = requests.find(requestId);
    if (request == null) {
      return;
    }
    byte[] value = record.value();
    if (value != null && OutcomeCodec.decode(value) instanceof Decoded.Valid<Outcome>(Outcome outcome)) {
      request.settle(outcome);
    } else {
      LOG.warn("Cannot read the outcome at {}-{}@{}; is the writer a newer version?", record.topic(),
          record.partition(),
          record.offset());
    }
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Returns when the consumer is closed. */
  void stop() {
    stopped.countDown();
    Consumer<byte[], byte[]> opened = consumer;
    if (opened != null) {
      opened.wakeup();
    }
    try {
      thread.join(LONGEST_STOP);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
