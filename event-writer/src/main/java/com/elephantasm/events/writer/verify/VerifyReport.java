package com.elephantasm.events.writer.verify;

import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.store.Drift;
import com.elephantasm.events.writer.store.Repair.Repaired;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a verification has found.
 *
 * @param events how many there ought to be
 * @param spirits how many there ought to be
 * @param notJudged how many rows were made by records that were not read
 * @param counts differences, by kind
 * @param first those that are told in full, by kind
 * @param unaccounted how many records are neither in the store by the log's own account, nor dead letters
 */
public record VerifyReport(long events, long spirits, long notJudged, Map<String, Long> counts,
    Map<String, List<Drift.Difference>> first, long unaccounted, List<Drift.Unaccounted> firstUnaccounted) {
  private static final JsonMapper JSON = new JsonMapper();

  /** @param accounted whether each record is to be a row or a dead letter: it is where the store's writer reads the topic */
  static VerifyReport of(Drift drift, int limit, boolean accounted) {
    Map<String, List<Drift.Difference>> first = new LinkedHashMap<>();
    Drift.KINDS.forEach(kind -> first.put(kind, drift.first(kind, limit)));
    return new VerifyReport(drift.expected("events"), drift.expected("spirits"), drift.notJudged(), drift.counts(),
        first,
        accounted ? drift.unaccounted() : 0, accounted ? drift.firstUnaccounted(limit) : List.of());
  }

  /**
   * As {@link #json} was when this was found, with what was put right. A dead letter that is missing is not made again.
   *
   * @param found of the run that compared: where some is repaired, the rows no longer tell
   */
  String repaired(String found, Repaired done) {
    ObjectNode json = (ObjectNode) JSON.readTree(found);
    json.putObject("repaired").put("written", done.written()).put("deleted", done.deleted()).put("left",
        done.left() + unaccounted);
    return json.toString();
  }

  /** A row with a wrong id is one that is missing, and one that is not expected; a record without a row lacks its dead letter. */
  public ReplayRun.Drift drift() {
    return new ReplayRun.Drift(count(Drift.MISSING) + unaccounted, count(Drift.DIFFERING) + count(Drift.NOT_AMENDED),
        count(Drift.UNEXPECTED) + count(Drift.WRONG_ID));
  }

  private long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** As {@code result} of the replay. */
  public String json() {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("checked").put("events", events).put("spirits", spirits);
    json.put("not_judged", notJudged);
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
