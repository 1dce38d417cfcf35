package com.elephantasm.events.writer.replay;

import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.Timestamps;
import com.elephantasm.events.schema.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Requests for replays as JSON: over HTTP, and as they are kept. */
public final class ReplayRequests {
  private static final JsonMapper JSON = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final Set<String> MEMBERS = Set.of("mode", "topic", "partitions", "from", "to", "agent_id",
      "event_type", "throttle", "repair", "accept_gaps", "report_limit");
  private static final int LARGEST_REPORT = 10_000;
  private static final int LONGEST_NAME = 249;

  private final JsonNode json;
  private final List<Violation> violations = new ArrayList<>();

  private ReplayRequests(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads a request; all members but {@code mode} can be left out.
   *
   * @param log the topic where none is named
   * @throws JacksonException where it is not JSON
   * @throws ImpossibleReplayException where it is not such a request, with everything that is wrong
   */
  public static ReplayRequest read(byte[] bytes, String log) {
    return new ReplayRequests(JSON.readTree(bytes)).request(log);
  }

  /**
   * Reads a change of the throttle: {@code {"throttle": 500}}, or null for no limit.
   *
   * @throws JacksonException where it is not JSON
   * @throws ImpossibleReplayException where it is not such a change
   */
  static @Nullable Long readThrottle(byte[] bytes) {
    ReplayRequests change = new ReplayRequests(JSON.readTree(bytes));
    if (!change.json.isObject() || !change.json.has("throttle") || change.json.size() > 1) {
      throw new ImpossibleReplayException(
          List.of(new Violation("", "must be an object with throttle, which alone can be changed")));
    }
    Long throttle = change.throttle();
    if (!change.violations.isEmpty()) {
      throw new ImpossibleReplayException(change.violations);
    }
    return throttle;
  }

  private @Nullable Long throttle() {
    return member("throttle", "must be a whole number from 1 on: records a second",
        node -> whole(node, 1, Integer.MAX_VALUE));
  }

  private ReplayRequest request(String log) {
    if (!json.isObject()) {
      throw new ImpossibleReplayException(List.of(new Violation("", "must be a JSON object")));
    }
    for (String name : json.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        report(name, "is not a field of a replay");
      }
    }
    ReplayMode mode = member("mode", "must be one of apply, dry-run, verify, rebuild",
        node -> node.isString() ? ReplayMode.of(node.asString()).orElse(null) : null);
    if (!json.has("mode")) {
      report("mode", "is required: apply, dry-run, verify or rebuild");
    }
    String topic = member("topic", "must be the name of a topic",
        node -> node.isString() && node.asString().matches("[a-zA-Z0-9._-]{1," + LONGEST_NAME + "}")
            ? node.asString()
            : null);
    Set<Integer> partitions = member("partitions", "must be an array of numbers of partitions", this::partitions);
    Bound from = member("from", "must be an RFC 3339 timestamp, or an object such as {\"0\": 100}", this::bound);
    Bound to = member("to", "must be an RFC 3339 timestamp, or an object such as {\"0\": 200}", this::bound);
    SpiritId agent = member("agent_id", "must be a UUID of 36 characters",
        node -> node.isString() ? uuid(node.asString()) : null);
    String type = member("event_type", "must be text of 1 to 100 characters",
        node -> node.isString() && !node.asString().isBlank() && node.asString().length() <= 100
            ? node.asString()
            : null);
    Long throttle = throttle();
    Boolean repair = member("repair", "must be true or false", node -> node.isBoolean() ? node.asBoolean() : null);
    Boolean gaps = member("accept_gaps", "must be true or false", node -> node.isBoolean() ? node.asBoolean() : null);
    Long limit = member("report_limit", "must be a whole number from 0 to " + LARGEST_REPORT,
        node -> whole(node, 0, LARGEST_REPORT));
    if (mode == null || !violations.isEmpty()) {
      throw new ImpossibleReplayException(violations);
    }
    return new ReplayRequest(mode, topic == null ? log : topic, partitions == null ? Set.of() : partitions, from, to,
        agent, type, throttle, Boolean.TRUE.equals(repair), Boolean.TRUE.equals(gaps),
        limit == null ? ReplayRequest.DEFAULT_REPORT_LIMIT : Math.toIntExact(limit));
  }

  private void report(String name, String message) {
    violations.add(new Violation("/" + name.replace("~", "~0").replace("/", "~1"), message));
  }

  private <V> @Nullable V member(String name, String rule, Function<JsonNode, @Nullable V> read) {
    JsonNode node = json.get(name);
    if (node == null || node.isNull()) {
      return null;
    }
    V value = read.apply(node);
    if (value == null) {
      report(name, rule);
    }
    return value;
  }

  private static @Nullable Long whole(JsonNode node, long least, long most) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= least && node.asLong() <= most
        ? node.asLong()
        : null;
  }

  private static @Nullable SpiritId uuid(String text) {
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equalsIgnoreCase(text) ? new SpiritId(id) : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private @Nullable Set<Integer> partitions(JsonNode node) {
    if (!node.isArray() || node.isEmpty()) {
      return null;
    }
    Set<Integer> partitions = new TreeSet<>();
    for (JsonNode each : node) {
      Long partition = whole(each, 0, Integer.MAX_VALUE);
      if (partition == null) {
        return null;
      }
      partitions.add(Math.toIntExact(partition));
    }
    return partitions;
  }

  private @Nullable Bound bound(JsonNode node) {
    if (node.isString()) {
      Instant time = Timestamps.parse(node.asString());
      return time == null ? null : new Bound.At(time);
    }
    if (!node.isObject() || node.isEmpty()) {
      return null;
    }
    Map<Integer, Long> offsets = new TreeMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      Long offset = whole(member.getValue(), 0, Long.MAX_VALUE);
      if (offset == null || !member.getKey().matches("[0-9]{1,9}")) {
        return null;
      }
      offsets.put(Integer.valueOf(member.getKey()), offset);
    }
    return new Bound.Offsets(offsets);
  }

  /** The request with its defaults; what was not asked for is left out. */
  static ObjectNode write(ReplayRequest request) {
    ObjectNode node = JSON.createObjectNode().put("mode", request.mode().wireName()).put("topic", request.topic());
    if (!request.partitions().isEmpty()) {
      new TreeSet<>(request.partitions()).forEach(node.putArray("partitions")::add);
    }
    write(request.from(), "from", node);
    write(request.to(), "to", node);
    if (request.agentId() != null) {
      node.put("agent_id", request.agentId().toString());
    }
    if (request.eventType() != null) {
      node.put("event_type", request.eventType());
    }
    if (request.throttle() != null) {
      node.put("throttle", request.throttle());
    }
    return node.put("repair", request.repair()).put("accept_gaps", request.acceptGaps())
        .put("report_limit", request.reportLimit());
  }

  private static void write(@Nullable Bound bound, String name, ObjectNode node) {
    switch (bound) {
      case null -> {
      }
      case Bound.At(Instant time) -> node.put(name, time.toString());
      case Bound.Offsets(Map<Integer, Long> offsets) -> {
        ObjectNode object = node.putObject(name);
        new TreeMap<>(offsets).forEach((partition, offset) -> object.put(partition.toString(), offset));
      }
    }
  }
}
