package com.elephantasm.events.benchmarks.sink;

import com.elephantasm.events.benchmarks.connect.RowId;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordToSend;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The key that the sink gives the last event of each partition: once it has these rows, it has all. */
final class LastRows {
  private static final JsonMapper JSON = JsonMapper.shared();

  private LastRows() {}

  /** @param count of the events in the topic, from number 0 on */
  static UUID[] of(Events events, long count) {
    Map<Integer, UUID> byPartition = new HashMap<>();
    for (long number = count - 1; number >= 0 && byPartition.size() < Topic.PARTITIONS; number--) {
      RecordToSend record = events.record(number);
      byPartition.putIfAbsent(BuiltInPartitioner.partitionForKey(record.key(), Topic.PARTITIONS), id(record));
    }
    return byPartition.values().toArray(UUID[]::new);
  }

  private static UUID id(RecordToSend record) {
    JsonNode event = JSON.readTree(record.value());
    String key = event.path("dedupe_key").asString(event.path("source_uri").asString(cloudEventId(record)));
    return UUID.fromString(RowId.of(event.path("agent_id").asString(), key));
  }

  private static String cloudEventId(RecordToSend record) {
    return record.headers().stream().filter(header -> header.name().equals("ce_id")).map(RecordHeader::value)
        .map(value -> value == null ? "" : new String(value, StandardCharsets.UTF_8)).findFirst().orElse("");
  }
}
