package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** The values of the log's records. Those of changes other than new events also name what they are about. */
final class Payloads {
  private Payloads() {}

  static byte[] of(NewEvent event) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("agent_id", event.agentId().toString());
      json.writeStringProperty("event_type", event.eventType());
      json.writeStringProperty("content", event.content());
      writeIfPresent(json, "meta_summary", event.metaSummary());
      writeIfPresent(json, "role", event.role());
      writeIfPresent(json, "author", event.author());
      writeIfPresent(json, "occurred_at", event.occurredAt() == null ? null : Timestamps.format(event.occurredAt()));
      writeIfPresent(json, "session_id", event.sessionId());
      json.writeName("metadata").writeRawValue(event.metadata().json());
      writeIfPresent(json, "source_uri", event.sourceUri());
      writeIfPresent(json, "dedupe_key", event.dedupeKey() == null ? null : event.dedupeKey().value());
      Double importance = event.importanceScore();
      if (importance != null) {
        json.writeName("importance_score").writeNumber(importance);
      }
      json.writeEndObject();
    });
  }

  private static void writeIfPresent(JsonGenerator json, String name, @Nullable Object value) {
    if (value != null) {
      json.writeStringProperty(name, value.toString());
    }
  }

  static byte[] of(SpiritId id, NewSpirit spirit) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("id", id.toString());
      json.writeStringProperty("name", spirit.name());
      writeIfPresent(json, "description", spirit.description());
      json.writeName("metadata").writeRawValue(spirit.metadata().json());
      json.writeEndObject();
    });
  }

  static byte[] of(SpiritId id, SpiritAmendment amendment) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("id", id.toString());
      write(json, "name", amendment.name());
      write(json, "description", amendment.description());
      write(json, "metadata", amendment.metadata());
      write(json, "is_deleted", amendment.isDeleted());
      json.writeEndObject();
    });
  }

  static byte[] of(SpiritId spirit, EventId id, EventAmendment amendment) {
    return Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("id", id.toString());
      json.writeStringProperty("agent_id", spirit.toString());
      write(json, "meta_summary", amendment.metaSummary());
      write(json, "importance_score", amendment.importanceScore());
      write(json, "metadata", amendment.metadata());
      write(json, "role", amendment.role());
      write(json, "author", amendment.author());
      write(json, "is_deleted", amendment.isDeleted());
      json.writeEndObject();
    });
  }

  private static <T> void write(JsonGenerator json, String name, FieldChange<T> change) {
    switch (change) {
      case FieldChange.Unchanged<T> _ -> {
      }
      case FieldChange.Cleared<T> _ -> json.writeNullProperty(name);
      case FieldChange.SetTo<T>(T value) -> {
        json.writeName(name);
        switch (value) {
          case Metadata(String text) -> json.writeRawValue(text);
          case Boolean bool -> json.writeBoolean(bool);
          case Double number -> json.writeNumber(number);
          default -> json.writeString(String.valueOf(value));
        }
      }
    }
  }

  static ObjectDecoder<Change.SpiritCreated> spiritCreated() {
    return new Addressed<>(new NewSpiritDecoder(), "id") {
      @Override
      Change.SpiritCreated build() {
        return new Change.SpiritCreated(new SpiritId(address("id")), data());
      }
    };
  }

  static ObjectDecoder<Change.SpiritAmended> spiritAmended() {
    return new Addressed<>(new SpiritAmendmentDecoder(), "id") {
      @Override
      Change.SpiritAmended build() {
        return new Change.SpiritAmended(new SpiritId(address("id")), data());
      }
    };
  }

  static ObjectDecoder<Change.EventAmended> eventAmended() {
    return new Addressed<>(new EventAmendmentDecoder(), "id", "agent_id") {
      @Override
      Change.EventAmended build() {
        return new Change.EventAmended(new SpiritId(address("agent_id")), new EventId(address("id")), data());
      }
    };
  }

  /** Reads an object that has ids beside the members that another decoder knows. */
  private abstract static class Addressed<D, T> extends ObjectDecoder<T> {
    private final ObjectDecoder<D> data;
    private final String[] names;
    private final @Nullable UUID[] ids;

    Addressed(ObjectDecoder<D> data, String... names) {
      this.data = data;
      this.names = names;
      this.ids = new UUID[names.length];
    }

    @Override
    boolean member(String name, FieldReader value) {
      for (int i = 0; i < names.length; i++) {
        if (names[i].equals(name)) {
          ids[i] = value.uuid();
          return true;
        }
      }
      return data.member(name, value);
    }

    @Override
    void end(FieldReader reader) {
      reader.require(names);
      data.end(reader);
    }

    UUID address(String name) {
      return requireNonNull(ids[List.of(names).indexOf(name)]);
    }

    D data() {
      return data.build();
    }
  }
}
