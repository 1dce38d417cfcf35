package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.LogPosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the whole log. */
final class LogReader {
  private final String bootstrapServers;
  private final String topic;

  LogReader(String bootstrapServers, String topic) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false,
        "auto.offset.reset", "earliest", "allow.auto.create.topics", false), new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The position behind the last record, by partition. */
  Map<Integer, Long> ends() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      return consumer.endOffsets(partitions).entrySet().stream()
          .collect(Collectors.toMap(end -> end.getKey().partition(), Map.Entry::getValue));
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    return consumer.partitionsFor(topic).stream().map(found -> new TopicPartition(topic, found.partition())).toList();
  }

  /** Every record before these ends, in the order of its partition. */
  void read(Map<Integer, Long> ends, Consumer<LogRecord> reader) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < end(ends, partition.partition()))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (record.offset() < end(ends, record.partition())) {
            reader.accept(record(record));
          }
        }
      }
    }
  }

  private static long end(Map<Integer, Long> ends, int partition) {
    return ends.getOrDefault(partition, 0L);
  }

  private static LogRecord record(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
    }
    return LogRecord.of(new LogPosition(record.partition(), record.offset()), Instant.ofEpochMilli(record.timestamp()),
        headers, record.value() == null ? new byte[0] : record.value());
  }
}
