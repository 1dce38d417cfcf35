package com.elephantasm.events.ingest;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.RecordPosition;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** What became of a batch as a whole; as small for a million events as for ten. */
final class Tally {
  private final SortedMap<Integer, Long> byStatus = new TreeMap<>();
  private final SortedMap<Integer, Long> positions = new TreeMap<>();
  private String topic = "";
  private final Rejections rejections;
  private long total;

  Tally(Rejections rejections) {
    this.rejections = rejections;
  }

  ItemResult count(ItemResult result) {
    total++;
    Problem problem = result.problem();
    if (problem != null) {
      rejections.ofEvent(problem);
    }
    byStatus.merge(result.status(), 1L, Long::sum);
    return result;
  }

  void published(RecordPosition position) {
    topic = position.topic();
    positions.merge(position.partition(), position.offset(), Math::max);
  }

  long total() {
    return total;
  }

  /** Null where the log has acknowledged nothing. */
  @Nullable
  String consistencyToken() {
    return positions.isEmpty() ? null : new ConsistencyToken(topic, positions).encoded();
  }

  void writeByStatus(JsonGenerator json) {
    json.writeObjectPropertyStart("by_status");
    for (Map.Entry<Integer, Long> count : byStatus.entrySet()) {
      json.writeNumberProperty(count.getKey().toString(), count.getValue());
    }
    json.writeEndObject();
  }

  void writeConsistencyToken(JsonGenerator json) {
    String token = consistencyToken();
    if (token != null) {
      json.writeStringProperty("consistency_token", token);
    }
  }
}
