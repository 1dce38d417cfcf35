package com.elephantasm.events.benchmarks.peer;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Nothing but Kafka's producer, with the promises that the ingest-api makes: acknowledged by all in-sync replicas, once, in order. */
public final class BareProducer {
  /** Somebody waits for each record. */
  static final Map<String, Object> FOR_SINGLE_RECORDS = Map.of(ProducerConfig.LINGER_MS_CONFIG, 0);
  /** As many as there are: the broker flushes each batch, so large ones pay. */
  static final Map<String, Object> FOR_MANY_RECORDS = Map.of(ProducerConfig.LINGER_MS_CONFIG, 5,
      ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024, ProducerConfig.BUFFER_MEMORY_CONFIG, 64L * 1024 * 1024);

  private BareProducer() {}

  static Producer<byte[], byte[]> open(String bootstrapServers, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  public static Producer<byte[], byte[]> forSingleRecords(String bootstrapServers) {
    return open(bootstrapServers, FOR_SINGLE_RECORDS);
  }

  public static Producer<byte[], byte[]> forManyRecords(String bootstrapServers) {
    return open(bootstrapServers, FOR_MANY_RECORDS);
  }

  /**
   * Sends all of them and waits until all are acknowledged.
   *
   * @return seconds from the first to the last acknowledgement
   * @throws IllegalStateException where one was not
   */
  public static double sendAll(Producer<byte[], byte[]> producer, Iterator<ProducerRecord<byte[], byte[]>> records) {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    long start = System.nanoTime();
    while (records.hasNext()) {
      producer.send(records.next(), (_, e) -> {
        if (e != null) {
          failure.set(e);
        }
      });
    }
    producer.flush();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (failure.get() instanceof Exception e) {
      throw new IllegalStateException("a record was not acknowledged", e);
    }
    return seconds;
  }
}
