package com.elephantasm.events.benchmarks.load;

import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordToSend;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The log's topic, filled. */
public final class Topic {
  /** As the services name it and, with so many partitions, create it by themselves. */
  public static final String NAME = "elephantasm.events";
  public static final int PARTITIONS = 12;
  /** In bytes. The services do not start on a topic that takes less. */
  private static final String LARGEST_RECORD = "2097152";

  private Topic() {}

  /**
   * Creates the topic and publishes the spirits and then the events from number 0 on.
   *
   * @return how many records it has: its spirits and its events
   */
  public static long fill(String bootstrapServers, Events events, int count) throws InterruptedException {
    create(bootstrapServers);
    List<RecordToSend> spirits = events.spiritRecords();
    // Of one producer and one spirit, so one partition: the records stay in this order.
    publish(bootstrapServers, Stream.concat(spirits.stream(), LongStream.range(0, count).mapToObj(events::record)));
    return (long) spirits.size() + count;
  }

  public static void create(String bootstrapServers) throws InterruptedException {
    NewTopic topic = new NewTopic(NAME, PARTITIONS, (short) 1)
        .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, LARGEST_RECORD));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the topic cannot be created: " + e.getCause(), e);
    }
  }

  /** Returns when all of them are acknowledged. Not compressed, as the ingest-api does it. */
  public static void publish(String bootstrapServers, Stream<RecordToSend> records) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "batch.size", 512 * 1024, "linger.ms", 50,
            "buffer.memory", 64L * 1024 * 1024),
        new ByteArraySerializer(), new ByteArraySerializer())) {
      records.forEach(record -> producer.send(producerRecord(record), (_, e) -> {
        if (e != null) {
          failure.compareAndSet(null, e);
        }
      }));
    }
    Exception e = failure.get();
    if (e != null) {
      throw new IllegalStateException("not every record was acknowledged: " + e, e);
    }
  }

  public static ProducerRecord<byte[], byte[]> producerRecord(RecordToSend record) {
    ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(NAME, record.key(), record.value());
    for (RecordHeader header : record.headers()) {
      sent.headers().add(header.name(), header.value());
    }
    return sent;
  }

  /** @return how many bytes of JSON the events from number 0 on have on average, of the first so many */
  public static double meanSize(Events events, int sample) {
    return IntStream.range(0, sample).map(number -> events.record(number).value().length).average().orElse(0);
  }
}
