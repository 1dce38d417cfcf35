package com.elephantasm.events.log;

import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToResend;
import com.elephantasm.events.schema.RecordToSend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Between the contract's records and Kafka's. */
public final class KafkaRecords {
  private KafkaRecords() {}

  /** The last moment that RFC 3339 can write, to the millisecond that Kafka counts in. */
  private static final long LAST_TIMESTAMP = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  /**
   * The record as it was read. Producers choose timestamps freely: one of none (old clients) counts as of 1970, one beyond the
   * year 9999 as of its end.
   */
  public static ReceivedRecord received(ConsumerRecord<byte[], byte[]> record) {
    List<RecordHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new RecordHeader(header.key(), header.value()));
    }
    return new ReceivedRecord(new RecordPosition(record.topic(), record.partition(), record.offset()),
        Instant.ofEpochMilli(Math.clamp(record.timestamp(), 0, LAST_TIMESTAMP)), record.key(), headers, record.value());
  }

  static ProducerRecord<byte[], byte[]> toProducerRecord(String topic, Instant timestamp, RecordToSend record) {
    return new ProducerRecord<>(topic, null, timestamp.toEpochMilli(), record.key(), record.value(),
        headers(record.headers()));
  }

  /**
   * Without a key it could come anywhere; where it was before, it is known for the same rejection if it is rejected again.
   *
   * @param before where it was before
   */
  static ProducerRecord<byte[], byte[]> toProducerRecord(String topic, RecordToResend record, RecordPosition before) {
    Integer partition = record.key() == null && before.topic().equals(topic) ? before.partition() : null;
    return new ProducerRecord<>(topic, partition, record.timestamp().toEpochMilli(), record.key(), record.value(),
        headers(record.headers()));
  }

  private static RecordHeaders headers(List<RecordHeader> all) {
    RecordHeaders headers = new RecordHeaders();
    all.forEach(header -> headers.add(header.name(), header.value()));
    return headers;
  }

  /** Bytes of key and value. */
  static int size(ProducerRecord<byte[], byte[]> record) {
    return (record.key() == null ? 0 : record.key().length) + (record.value() == null ? 0 : record.value().length);
  }
}
