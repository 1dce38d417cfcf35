package com.elephantasm.events.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** How far the log goes, for who watches whether all of it is applied. */
public final class LogEnds {
  private static final int TIMEOUT_MS = 2_000;
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  private final SharedAdmin admin;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;

  LogEnds(SharedAdmin admin, Supplier<Consumer<byte[], byte[]>> consumers, String topic) {
    this.admin = admin;
    this.consumers = consumers;
    this.topic = topic;
  }

  /**
   * The offset after the last record of each partition that consumers may read. At most as many bytes as a heartbeat has; waits
   * for no longer than two seconds.
   *
   * @return without the partitions of which Kafka does not say it now; empty where Kafka is away
   */
  public Map<Integer, Long> of(Collection<Integer> partitions) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = partitions.stream().map(this::partition)
        .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
    ListOffsetsResult result = admin.client().listOffsets(latest,
        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(TIMEOUT_MS));
    Map<Integer, Long> ends = new HashMap<>();
    for (TopicPartition partition : latest.keySet()) {
      try {
        ends.put(partition.partition(), result.partitionResult(partition).get().offset());
      } catch (ExecutionException _) {
        // Its leader is away, or all of Kafka.
      }
    }
    return ends;
  }

  /**
   * Whether a consumer would find a record from an offset on. Where offsets are left, that need not be so: the marks of
   * transactions take some, and records taken back, compacted or deleted have left theirs. Reads from the log, so ask seldom.
   *
   * @throws org.apache.kafka.common.KafkaException where it cannot be told now
   */
  public boolean hasRecord(int partition, long from, long end) {
    TopicPartition read = partition(partition);
    long deadline = System.nanoTime() + LONGEST_LOOK.toNanos();
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      consumer.assign(List.of(read));
      consumer.seek(read, from);
      while (consumer.position(read) < end) {
        if (!consumer.poll(POLL).isEmpty()) {
          return true;
        }
        if (System.nanoTime() - deadline > 0) {
          throw new org.apache.kafka.common.errors.TimeoutException("the log gives nothing to read");
        }
      }
      return false;
    }
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(topic, number);
  }
}
