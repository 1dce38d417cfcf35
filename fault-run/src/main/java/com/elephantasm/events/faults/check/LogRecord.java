package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.LogPosition;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A record of the log, read without any of the pipeline's code. */
record LogRecord(LogPosition position, Instant timestamp, Map<String, String> headers, byte[] value, JsonNode json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static LogRecord of(LogPosition position, Instant timestamp, Map<String, String> headers, byte[] value) {
    return new LogRecord(position, timestamp, headers, value, parse(value));
  }

  private static JsonNode parse(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (JacksonException _) {
      return JSON.missingNode();
    }
  }

  /** A record without one is a new event. */
  String type() {
    return headers.getOrDefault("ce_type", "com.elephantasm.event.created.v1");
  }

  @Nullable
  String header(String name) {
    return headers.get(name);
  }

  boolean asksForOutcome() {
    return headers.containsKey("elephantasm_reply_to") && headers.containsKey("elephantasm_request_id");
  }

  /** Null where there is no such member, or it is null. */
  @Nullable
  String text(String member) {
    JsonNode value = json.path(member);
    return value.isMissingNode() || value.isNull() ? null : value.asString();
  }
}
