package com.elephantasm.events.log;

import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
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

  /** The record as it was read; without a timestamp of its own (old clients) it counts as of 1970. */
  public static ReceivedRecord received(ConsumerRecord<byte[], byte[]> record) {
    List<RecordHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new RecordHeader(header.key(), header.value()));
    }
    return new ReceivedRecord(new RecordPosition(record.topic(), record.partition(), record.offset()),
        Instant.ofEpochMilli(Math.max(0, record.timestamp())), record.key(), headers, record.value());
  }

  static ProducerRecord<byte[], byte[]> toProducerRecord(String topic, Instant timestamp, RecordToSend record) {
    RecordHeaders headers = new RecordHeaders();
    record.headers().forEach(header -> headers.add(header.name(), header.value()));
    return new ProducerRecord<>(topic, null, timestamp.toEpochMilli(), record.key(), record.value(), headers);
  }
}
