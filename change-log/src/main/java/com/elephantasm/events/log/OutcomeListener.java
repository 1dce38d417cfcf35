package com.elephantasm.events.log;

import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.HeaderNames;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.OutcomeCodec;
import com.elephantasm.events.schema.ReplyTo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads the outcomes topic from its end, all partitions, and hands each outcome that this instance asked for to the request
 * that waits for it. No group and no committed offsets: an outcome older than this process has nobody waiting for it.
 */
final class OutcomeListener implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeListener.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final String instance = UUID.randomUUID().toString();
  private final byte[] instanceBytes = instance.getBytes(StandardCharsets.UTF_8);
  private final AtomicLong requests = new AtomicLong();
  private final Map<String, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();

  private final CountDownLatch ready = new CountDownLatch(1);

  private volatile @Nullable Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  OutcomeListener(Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
    this.consumers = consumers;
    this.topic = topic;
  }

  ReplyTo newRequest() {
    return new ReplyTo(instance, Long.toHexString(requests.incrementAndGet()));
  }

  /** To be called before the change is published, as the outcome may overtake the acknowledgement. */
  CompletableFuture<Outcome> expect(ReplyTo request) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    waiting.put(request.requestId(), outcome);
    return outcome;
  }

  void forget(ReplyTo request) {
    waiting.remove(request.requestId());
  }

  @Override
  public void start() {
    thread = Thread.ofPlatform().name("outcomes").daemon().start(this::run);
  }

  private void run() {
    while (isRunning()) {
      try (Consumer<byte[], byte[]> opened = consumers.get()) {
        consumer = opened;
        read(opened);
      } catch (WakeupException _) {
        // stop() asked for it
      } catch (KafkaException e) {
        LOG.warn("Cannot read outcomes from {}; until then requests that wait are answered with 202. Trying again",
            topic,
            e);
        pause();
      }
    }
  }

  private void read(Consumer<byte[], byte[]> opened) {
    List<TopicPartition> partitions = partitions(opened);
    if (partitions.isEmpty()) {
      pause();
      return;
    }
    opened.assign(partitions);
    opened.seekToEnd(partitions);
    // Seeking is lazy; an outcome that comes before the position is looked up would be missed.
    partitions.forEach(opened::position);
    ready.countDown();
    while (isRunning()) {
      opened.poll(Duration.ofMinutes(1)).forEach(this::settle);
    }
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> opened) {
    List<PartitionInfo> partitions = opened.partitionsFor(topic);
    return partitions == null
        ? List.of()
        : partitions.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
  }

  private void settle(ConsumerRecord<byte[], byte[]> record) {
    Header instanceHeader = record.headers().lastHeader(HeaderNames.REPLY_TO);
    Header requestHeader = record.headers().lastHeader(HeaderNames.REQUEST_ID);
    if (instanceHeader == null || requestHeader == null || !Arrays.equals(instanceHeader.value(), instanceBytes)) {
      return;
    }
    CompletableFuture<Outcome> request = waiting.get(new String(requestHeader.value(), StandardCharsets.UTF_8));
    if (request == null) {
      return;
    }
    if (OutcomeCodec.decode(record.value()) instanceof Decoded.Valid<Outcome>(Outcome outcome)) {
      request.complete(outcome);
    } else {
      LOG.warn("Cannot read the outcome at {}-{}@{}; is the writer a newer version?", record.topic(),
          record.partition(),
          record.offset());
    }
  }

  private static void pause() {
    LockSupport.parkNanos(RETRY.toNanos());
  }

  /** Waits until outcomes published from now on will be seen. */
  boolean awaitReady(Duration timeout) throws InterruptedException {
    return ready.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    Consumer<byte[], byte[]> opened = consumer;
    if (opened != null) {
      opened.wakeup();
    }
    LockSupport.unpark(running);
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Ends after the web server, whose requests wait for outcomes. */
  @Override
  public int getPhase() {
    return 0;
  }
}
