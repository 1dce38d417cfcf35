package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Stored events and spirits as JSON: every field is there, {@code null} where it has no value. */
public final class StoredJson {
  private StoredJson() {}

  public static void write(Event event, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", event.id().toString());
    json.writeStringProperty("agent_id", event.agentId().toString());
    json.writeStringProperty("event_type", event.eventType());
    json.writeStringProperty("content", event.content());
    json.writeStringProperty("meta_summary", event.metaSummary());
    json.writeStringProperty("role", event.role());
    json.writeStringProperty("author", event.author());
    json.writeStringProperty("occurred_at", Timestamps.format(event.occurredAt()));
    json.writeStringProperty("session_id", event.sessionId());
    json.writeName("metadata").writeRawValue(event.metadata().json());
    json.writeStringProperty("source_uri", event.sourceUri());
    json.writeStringProperty("dedupe_key", event.dedupeKey() == null ? null : event.dedupeKey().value());
    json.writeName("importance_score");
    Double importance = event.importanceScore();
    if (importance == null) {
      json.writeNull();
    } else {
      json.writeNumber(importance);
    }
    writeHistory(json, event.createdAt(), event.updatedAt(), event.isDeleted());
  }

  public static void write(Spirit spirit, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", spirit.id().toString());
    json.writeStringProperty("name", spirit.name());
    json.writeStringProperty("description", spirit.description());
    json.writeName("metadata").writeRawValue(spirit.metadata().json());
    writeHistory(json, spirit.createdAt(), spirit.updatedAt(), spirit.isDeleted());
  }

  private static void writeHistory(JsonGenerator json, Instant createdAt, Instant updatedAt, boolean isDeleted) {
    json.writeStringProperty("created_at", Timestamps.format(createdAt));
    json.writeStringProperty("updated_at", Timestamps.format(updatedAt));
    json.writeBooleanProperty("is_deleted", isDeleted);
    json.writeEndObject();
  }

  static ObjectDecoder<Event> eventDecoder() {
    return new ObjectDecoder<>() {
      private final NewEventDecoder asSent = new NewEventDecoder();
      private final History history = new History();
      private @Nullable UUID id;
      private @Nullable Instant occurredAt;

      @Override
      boolean member(String name, FieldReader value) {
        switch (name) {
          case "id" -> id = value.uuid();
          case "occurred_at" -> occurredAt = value.timestamp();
          default -> {
            return history.member(name, value) || asSent.member(name, value);
          }
        }
        return true;
      }

      @Override
      void end(FieldReader reader) {
        reader.require("id", "occurred_at");
        asSent.end(reader);
        history.end(reader);
      }

      @Override
      Event build() {
        NewEvent e = asSent.build();
        return new Event(new EventId(requireNonNull(id)), e.agentId(), e.eventType(), e.content(), e.metaSummary(),
            e.role(), e.author(), requireNonNull(occurredAt), e.sessionId(), e.metadata(), e.sourceUri(), e.dedupeKey(),
            e.importanceScore(), history.createdAt(), history.updatedAt(), history.isDeleted());
      }
    };
  }

  static ObjectDecoder<Spirit> spiritDecoder() {
    return new ObjectDecoder<>() {
      private final NewSpiritDecoder asSent = new NewSpiritDecoder();
      private final History history = new History();
      private @Nullable UUID id;

      @Override
      boolean member(String name, FieldReader value) {
        if (name.equals("id")) {
          id = value.uuid();
          return true;
        }
        return history.member(name, value) || asSent.member(name, value);
      }

      @Override
      void end(FieldReader reader) {
        reader.require("id");
        asSent.end(reader);
        history.end(reader);
      }

      @Override
      Spirit build() {
        NewSpirit s = asSent.build();
        return new Spirit(new SpiritId(requireNonNull(id)), s.name(), s.description(), s.metadata(),
            history.createdAt(), history.updatedAt(), history.isDeleted());
      }
    };
  }

  /** Reads what a stored event and a stored spirit have in common: since when, and whether it still counts. */
  private static final class History {
    private @Nullable Instant createdAt;
    private @Nullable Instant updatedAt;
    private @Nullable Boolean isDeleted;

    boolean member(String name, FieldReader value) {
      switch (name) {
        case "created_at" -> createdAt = value.timestamp();
        case "updated_at" -> updatedAt = value.timestamp();
        case "is_deleted" -> isDeleted = value.bool();
        default -> {
          return false;
        }
      }
      return true;
    }

    void end(FieldReader reader) {
      reader.require("created_at", "updated_at", "is_deleted");
    }

    Instant createdAt() {
      return requireNonNull(createdAt);
    }

    Instant updatedAt() {
      return requireNonNull(updatedAt);
    }

    boolean isDeleted() {
      return requireNonNull(isDeleted);
    }
  }
}
