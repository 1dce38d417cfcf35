package com.elephantasm.events.writer.verify;

import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.store.Drift;
import com.elephantasm.events.writer.store.Drift.Repaired;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a verification has found.
 *
 * @param events how many there ought to be
 * @param spirits how many there ought to be
 * @param counts differences, by kind
 * @param first those that are told in full, by kind
 * @param unaccounted how many records are neither in the store by the log's own account, nor dead letters
 * @param repaired what was put right; null where nothing was to be
 */
public record VerifyReport(long events, long spirits, Map<String, Long> counts,
    Map<String, List<Drift.Difference>> first, long unaccounted, List<Drift.Unaccounted> firstUnaccounted,
    @Nullable Repaired repaired) {
  private static final JsonMapper JSON = new JsonMapper();

  static VerifyReport of(Drift drift, int limit) {
    Map<String, List<Drift.Difference>> first = new LinkedHashMap<>();
    Drift.KINDS.forEach(kind -> first.put(kind, drift.first(kind, limit)));
    return new VerifyReport(drift.expected("events"), drift.expected("spirits"), drift.counts(), first,
        drift.unaccounted(), drift.firstUnaccounted(limit), null);
  }

  VerifyReport with(Repaired done) {
    return new VerifyReport(events, spirits, counts, first, unaccounted, firstUnaccounted, done);
  }

  /** A row with a wrong id is one that is missing, and one that is not expected. */
  public ReplayRun.Drift drift() {
    return new ReplayRun.Drift(count(Drift.MISSING), count(Drift.DIFFERING) + count(Drift.NOT_AMENDED),
        count(Drift.UNEXPECTED) + count(Drift.WRONG_ID));
  }

  private long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** As {@code result} of the replay. */
  public String json() {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("checked").put("events", events).put("spirits", spirits);
    ObjectNode differences = json.putObject("differences");
    counts.forEach((kind, count) -> {
      ObjectNode ofKind = differences.putObject(kind).put("count", count);
      var array = ofKind.putArray("first");
      first.getOrDefault(kind, List.of()).forEach(difference -> array.add(json(difference)));
    });
    ObjectNode strays = json.putObject("unaccounted").put("count", unaccounted);
    var records = strays.putArray("first");
    firstUnaccounted.forEach(record -> records.addObject().put("topic", record.topic())
        .put("partition", record.partition()).put("offset", record.offset()).put("detail", record.detail()));
    if (repaired != null) {
      json.putObject("repaired").put("written", repaired.written()).put("deleted", repaired.deleted()).put("left",
          repaired.left());
    }
    return json.toString();
  }

  private static ObjectNode json(Drift.Difference difference) {
    ObjectNode json = JSON.createObjectNode().put("kind", difference.kind()).put("entity", difference.entity())
        .put("id", difference.id().toString())
        .put("agent_id", difference.agentId() == null ? null : difference.agentId().toString())
        .put("topic", difference.topic()).put("partition", difference.partition()).put("offset", difference.offset());
    ObjectNode fields = json.putObject("fields");
    difference.fields().forEach((name, values) -> fields.putObject(name.equals("content") ? "content_sha256" : name)
        .put("expected", values.expected()).put("actual", values.actual()));
    return json;
  }
}
