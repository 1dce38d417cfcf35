package com.elephantasm.events.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Makes documents of one kind: valid ones with a few of their members changed, left out or joined by others. */
final class HostileDocuments {
  private static final Map<String, Function<HostileJson, String>> FIELDS = Map.ofEntries(
      Map.entry("id", HostileJson::uuid), Map.entry("agent_id", HostileJson::uuid),
      Map.entry("event_type", HostileJson::text), Map.entry("content", HostileJson::text),
      Map.entry("meta_summary", HostileJson::text), Map.entry("role", HostileJson::text),
      Map.entry("author", HostileJson::text), Map.entry("occurred_at", HostileJson::timestamp),
      Map.entry("session_id", HostileJson::text), Map.entry("metadata", HostileJson::metadata),
      Map.entry("source_uri", HostileJson::text), Map.entry("dedupe_key", HostileJson::text),
      Map.entry("importance_score", HostileJson::number), Map.entry("name", HostileJson::text),
      Map.entry("description", HostileJson::text), Map.entry("is_deleted", HostileJson::other));
  private static final List<String> UNKNOWN = List.of("\"unknown\"", "\"\"", "\"Content\"", "\"event_type \"",
      "\"agentId\"", "\"\\ud800\"", "\"\\u0000\"", "\"a/b~c\"", "\"__proto__\"", "\"$ref\"");

  private final HostileJson json;
  private final Map<String, String> valid;

  /**
   * @param valid the members of a valid document and their values as JSON
   */
  HostileDocuments(Random random, Map<String, String> valid) {
    this.json = new HostileJson(random);
    this.valid = valid;
  }

  String next() {
    if (json.chance(200)) {
      return json.other();
    }
    Map<String, String> members = new LinkedHashMap<>();
    valid.forEach((name, value) -> members.put('"' + name + '"', value));
    members.keySet().removeIf(_ -> json.chance(12));
    List<String> names = List.copyOf(valid.keySet());
    for (int changes = json.below(4); changes > 0; changes--) {
      String name = json.oneOf(names);
      members.put('"' + name + '"', value(name));
    }
    if (json.chance(10)) {
      members.put(json.oneOf(UNKNOWN), json.other());
    }
    return written(members);
  }

  private String value(String name) {
    return switch (json.below(6)) {
      case 0 -> json.other();
      case 1 -> "null";
      default -> FIELDS.getOrDefault(name, HostileJson::other).apply(json);
    };
  }

  private String written(Map<String, String> members) {
    List<String> texts = new ArrayList<>();
    members.forEach((name, value) -> texts.add(name + space() + ":" + space() + value));
    Collections.shuffle(texts, new Random(json.below(1000)));
    return space() + "{" + String.join("," + space(), texts) + space() + "}" + space();
  }

  private String space() {
    return json.oneOf(List.of("", "", "", " ", "\n\t", "\r\n"));
  }
}
