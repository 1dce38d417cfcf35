package com.elephantasm.events.faults.check;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the store must be by the log: the rules of the contract, applied to one record after the other, with nothing of the
 * writer's code. Small, because the load keeps to what it knows: every record has its spirit's key, and no spirit is deleted.
 */
final class Model {
  /** A record that must be a dead letter. */
  record Rejected(LogRecord record, String reason, boolean waiting) {}

  private final String topic;
  private final Map<UUID, EventRow> events = new HashMap<>();
  private final Map<UUID, SpiritRow> spirits = new HashMap<>();
  private final Map<UUID, List<LogRecord>> waiting = new LinkedHashMap<>();
  private final List<Rejected> rejected = new ArrayList<>();
  private long duplicates;

  Model(String topic) {
    this.topic = topic;
  }

  /** Records come in the order of their offsets within each partition. */
  void apply(LogRecord record) {
    switch (record.type()) {
      case "com.elephantasm.spirit.created.v1" -> createSpirit(record);
      case "com.elephantasm.spirit.amended.v1" -> amendSpirit(record);
      case "com.elephantasm.event.created.v1" -> createEvent(record);
      case "com.elephantasm.event.amended.v1" -> amendEvent(record);
      default -> reject(record, "unsupported-type");
    }
  }

  private void createSpirit(LogRecord record) {
    UUID id = uuid(record, "id");
    String name = record.text("name");
    if (id == null || name == null) {
      reject(record, "invalid");
      return;
    }
    String description = record.text("description");
    String metadata = object(record.json().path("metadata"));
    SpiritRow before = spirits.get(id);
    if (before == null) {
      spirits.put(id, new SpiritRow(id, name, description, metadata, record.timestamp(), record.timestamp(), false,
          record.position(), record.position()));
      List<LogRecord> early = waiting.remove(id);
      if (early != null) {
        early.forEach(this::apply);
      }
    } else if (!before.says(name, description, metadata)) {
      spirits.put(id, new SpiritRow(id, name, description, metadata, before.createdAt(), record.timestamp(), false,
          before.created(), record.position()));
    }
  }

  private void amendSpirit(LogRecord record) {
    UUID id = uuid(record, "id");
    SpiritRow row = id == null ? null : spirits.get(id);
    if (row == null) {
      reject(record, "unknown-spirit");
      return;
    }
    JsonNode json = record.json();
    spirits.put(row.id(),
        new SpiritRow(row.id(), Objects.requireNonNullElse(record.text("name"), row.name()),
            json.has("description") ? record.text("description") : row.description(),
            json.has("metadata") ? object(json.path("metadata")) : row.metadata(), row.createdAt(), record.timestamp(),
            json.path("is_deleted").asBoolean(row.isDeleted()), row.created(), record.position()));
  }

  private void createEvent(LogRecord record) {
    UUID agent = uuid(record, "agent_id");
    String type = record.text("event_type");
    String content = record.text("content");
    if (agent == null || type == null || content == null) {
      reject(record, record.json().isObject() ? "invalid" : "malformed");
    } else if (!spirits.containsKey(agent)) {
      await(record, agent);
    } else {
      createEvent(record, agent, type, content);
    }
  }

  private void createEvent(LogRecord record, UUID agent, String type, String content) {
    String sentTime = record.text("occurred_at");
    Instant occurredAt = occurredAt(record, sentTime);
    EventIdentity identity = EventIdentity.of(record, agent, occurredAt, topic);
    JsonNode importance = record.json().path("importance_score");
    EventRow row = new EventRow(identity.id(), agent, type, content, record.text("meta_summary"), record.text("role"),
        record.text("author"), occurredAt, record.text("session_id"), object(record.json().path("metadata")),
        record.text("source_uri"), identity.dedupeKey(), importance.isNumber() ? importance.asDouble() : null,
        record.timestamp(), record.timestamp(), false, record.position(), record.position());
    EventRow before = events.putIfAbsent(row.id(), row);
    if (before != null && isSamePayload(before, row, sentTime != null)) {
      duplicates++;
    } else if (before != null) {
      reject(record, "conflict");
    }
  }

  private static Instant occurredAt(LogRecord record, @Nullable String sentTime) {
    String time = sentTime != null ? sentTime : record.header("ce_time");
    return (time == null ? record.timestamp() : Instant.parse(time)).truncatedTo(ChronoUnit.MICROS);
  }

  private static boolean isSamePayload(EventRow one, EventRow other, boolean withTime) {
    return one.eventType().equals(other.eventType()) && one.content().equals(other.content())
        && Objects.equals(one.sessionId(), other.sessionId()) && Objects.equals(one.sourceUri(), other.sourceUri())
        && (!withTime || one.occurredAt().equals(other.occurredAt()));
  }

  private void amendEvent(LogRecord record) {
    UUID agent = uuid(record, "agent_id");
    UUID id = uuid(record, "id");
    EventRow row = id == null ? null : events.get(id);
    if (agent == null || id == null) {
      reject(record, "invalid");
    } else if (!spirits.containsKey(agent)) {
      await(record, agent);
    } else if (row == null || !row.agentId().equals(agent)) {
      reject(record, "unknown-event");
    } else {
      events.put(id, amended(row, record));
    }
  }

  private static EventRow amended(EventRow row, LogRecord record) {
    JsonNode json = record.json();
    JsonNode importance = json.path("importance_score");
    return new EventRow(row.id(), row.agentId(), row.eventType(), row.content(),
        json.has("meta_summary") ? record.text("meta_summary") : row.metaSummary(),
        json.has("role") ? record.text("role") : row.role(),
        json.has("author") ? record.text("author") : row.author(), row.occurredAt(), row.sessionId(),
        json.has("metadata") ? object(json.path("metadata")) : row.metadata(), row.sourceUri(), row.dedupeKey(),
        importance.isMissingNode() ? row.importanceScore() : importance.isNumber() ? importance.asDouble() : null,
        row.createdAt(), record.timestamp(), json.path("is_deleted").asBoolean(row.isDeleted()), row.created(),
        record.position());
  }

  private void await(LogRecord record, UUID spirit) {
    if (record.asksForOutcome()) {
      reject(record, "unknown-spirit");
    } else {
      waiting.computeIfAbsent(spirit, _ -> new ArrayList<>()).add(record);
    }
  }

  private void reject(LogRecord record, String reason) {
    rejected.add(new Rejected(record, reason, false));
  }

  private static @Nullable UUID uuid(LogRecord record, String member) {
    String text = record.text(member);
    return text == null ? null : UUID.fromString(text);
  }

  static String object(JsonNode json) {
    return json.isObject() ? json.toString() : "{}";
  }

  @Nullable
  EventRow event(UUID id) {
    return events.get(id);
  }

  Collection<EventRow> events() {
    return events.values();
  }

  boolean hasSpirit(UUID id) {
    return spirits.containsKey(id);
  }

  Map<UUID, SpiritRow> spirits() {
    return spirits;
  }

  /** Also those that still wait for their spirit. */
  List<Rejected> rejected() {
    List<Rejected> all = new ArrayList<>(rejected);
    waiting.values().forEach(records -> records
        .forEach(record -> all.add(new Rejected(record, "unknown-spirit", true))));
    return all;
  }

  long duplicates() {
    return duplicates;
  }
}
