package com.elephantasm.events.writer.tail;

import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogEntry;
import com.elephantasm.events.writer.store.LogPartitions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationContext;

/** A partition of a topic that Kafka does not know: its records go straight to a store, in batches of the test's choice. */
final class StoredLog {
  private static final String TOPIC = "elephantasm.events";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final ChangeStore store;
  private final int id;
  private final int partition;
  private final List<LogEntry> batch = new ArrayList<>();
  private long next;

  StoredLog(ApplicationContext writer, UUID topicId, int partition) {
    this.store = writer.getBean(ChangeStore.class);
    this.id = writer.getBean(LogPartitions.class).idOf(topicId, TOPIC, partition);
    this.partition = partition;
  }

  StoredLog spirit(UUID spirit) {
    return append("{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(spirit),
        List.of(header("ce_specversion", "1.0"), header("ce_type", "com.elephantasm.spirit.created.v1")));
  }

  StoredLog event(UUID spirit, String content) {
    return json("{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"%s\"}".formatted(spirit, content));
  }

  StoredLog json(String event) {
    return append(event, List.of());
  }

  private StoredLog append(String value, List<RecordHeader> headers) {
    ReceivedRecord record = new ReceivedRecord(new RecordPosition(TOPIC, partition, next), START.plusSeconds(next),
        null, headers, value.getBytes(StandardCharsets.UTF_8));
    next++;
    batch.add(new LogEntry(id, record, ChangeCodec.decode(record)));
    return this;
  }

  private static RecordHeader header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** What was appended and is not stored yet. */
  List<LogEntry> take() {
    List<LogEntry> taken = List.copyOf(batch);
    batch.clear();
    return taken;
  }

  /** Stores what was appended since the last time in one transaction. */
  void store() {
    store(take());
  }

  void store(List<LogEntry> taken) {
    store.apply(taken);
  }
}
