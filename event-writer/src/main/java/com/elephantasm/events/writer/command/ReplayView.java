package com.elephantasm.events.writer.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A replay as its JSON says; members that are missing or unknown do no harm, as the service can be of another version. */
record ReplayView(JsonNode json) {
  record Partition(int number, long start, long end, long next) {
    /** From 0 to 1. */
    double fraction() {
      return end <= start ? 1 : Math.clamp((double) (next - start) / (end - start), 0, 1);
    }
  }

  String id() {
    return json.path("id").asString("");
  }

  String mode() {
    return json.path("mode").asString("");
  }

  String state() {
    return json.path("state").asString("");
  }

  boolean isPaused() {
    return state().equals("paused");
  }

  boolean isFinal() {
    return state().equals("completed") || state().equals("failed") || state().equals("cancelled");
  }

  /** Whether nothing will happen to it by itself. */
  boolean isAtRest() {
    return isFinal() || isPaused();
  }

  @Nullable
  String phase() {
    return text(json.path("phase"));
  }

  @Nullable
  String detail() {
    return text(json.path("detail"));
  }

  String topic() {
    return json.path("request").path("topic").asString("");
  }

  boolean isRepair() {
    return json.path("request").path("repair").asBoolean(false);
  }

  @Nullable
  Long throttle() {
    return number(json.path("throttle"));
  }

  long read() {
    return json.path("progress").path("read").asLong(0);
  }

  long total() {
    return json.path("progress").path("total").asLong(0);
  }

  @Nullable
  Long rate() {
    JsonNode rate = json.path("progress").path("rate");
    return rate.isNumber() ? Math.round(rate.asDouble()) : null;
  }

  @Nullable
  Long eta() {
    return number(json.path("progress").path("eta"));
  }

  List<Partition> partitions() {
    List<Partition> partitions = new ArrayList<>();
    for (JsonNode each : json.path("progress").path("partitions")) {
      partitions.add(new Partition(each.path("partition").asInt(0), each.path("start").asLong(0),
          each.path("end").asLong(0), each.path("next").asLong(0)));
    }
    return partitions;
  }

  Map<String, Long> counts() {
    return numbers(json.path("counts"));
  }

  Map<String, Long> drift() {
    return numbers(json.path("drift"));
  }

  boolean hasDrift() {
    return drift().values().stream().anyMatch(count -> count > 0);
  }

  JsonNode result() {
    return json.path("result");
  }

  private static Map<String, Long> numbers(JsonNode object) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    object.properties().forEach(member -> {
      if (member.getValue().isIntegralNumber()) {
        numbers.put(member.getKey(), member.getValue().asLong());
      }
    });
    return numbers;
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() ? node.asString() : null;
  }

  private static @Nullable Long number(JsonNode node) {
    return node.isNumber() ? node.asLong() : null;
  }
}
