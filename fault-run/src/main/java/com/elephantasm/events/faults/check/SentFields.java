package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.SentEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares a row with what its sender remembers to have sent. */
final class SentFields {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final List<String> differences = new ArrayList<>();
  private final JsonNode sent;

  private SentFields(JsonNode sent) {
    this.sent = sent;
  }

  /** What can be amended is compared only where nobody has. */
  static List<String> differences(SentEvent event, EventRow row) {
    SentFields fields = new SentFields(JSON.readTree(event.sent()));
    fields.compareFixed(row);
    if (event.changes().isEmpty()) {
      fields.compareAmendable(row);
    }
    return fields.differences;
  }

  private void compareFixed(EventRow row) {
    compare("agent_id", row.agentId().toString());
    compare("event_type", row.eventType());
    compare("content", row.content());
    compare("session_id", row.sessionId());
    compare("source_uri", row.sourceUri());
    if (sent.has("dedupe_key")) {
      compare("dedupe_key", row.dedupeKey());
    }
    if (sent.has("occurred_at") && !Instant.parse(sent.path("occurred_at").asString()).equals(row.occurredAt())) {
      differences.add("occurred_at is %s, sent was %s".formatted(row.occurredAt(), sent.path("occurred_at")));
    }
  }

  private void compareAmendable(EventRow row) {
    compare("meta_summary", row.metaSummary());
    compare("role", row.role());
    compare("author", row.author());
    if (!Model.object(sent.path("metadata")).equals(row.metadata())) {
      differences.add("metadata is %s, sent was %s".formatted(row.metadata(), sent.path("metadata")));
    }
    JsonNode importance = sent.path("importance_score");
    if (!Objects.equals(importance.isNumber() ? importance.asDouble() : null, row.importanceScore())) {
      differences.add("importance_score is %s, sent was %s".formatted(row.importanceScore(), importance));
    }
    if (row.isDeleted()) {
      differences.add("it is deleted, and nobody deleted it");
    }
  }

  private void compare(String name, @Nullable String stored) {
    String text = sent.has(name) ? sent.path(name).asString() : null;
    if (!Objects.equals(text, stored)) {
      differences.add("%s is %.200s, sent was %.200s".formatted(name, stored, text));
    }
  }
}
