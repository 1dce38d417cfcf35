package com.elephantasm.events.benchmarks.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of the log as rows of the table of events, so that the sink gets the same bytes as the writer. It knows the
 * schema, which is the cheapest way for the sink: one that reads it from each record, or asks a registry, does more. It checks
 * nothing. A record that is no new event becomes null, which the sink skips.
 */
public final class EventConverter implements Converter {
  private static final String EVENT_CREATED = "com.elephantasm.event.created.v1";
  private static final JsonFactory JSON = new JsonFactory();
  private static final Schema UUID_SCHEMA = SchemaBuilder.string().name("io.debezium.data.Uuid").version(1).build();
  private static final Schema TIME_SCHEMA = SchemaBuilder.string().name("io.debezium.time.ZonedTimestamp").version(1)
      .build();
  private static final Schema JSON_SCHEMA = SchemaBuilder.string().name("io.debezium.data.Json").version(1).build();
  private static final Schema EVENT = SchemaBuilder.struct().name("event").field("id", UUID_SCHEMA)
      .field("agent_id", UUID_SCHEMA).field("event_type", Schema.OPTIONAL_STRING_SCHEMA)
      .field("content", Schema.OPTIONAL_STRING_SCHEMA)
      .field("meta_summary", Schema.OPTIONAL_STRING_SCHEMA).field("role", Schema.OPTIONAL_STRING_SCHEMA)
      .field("author", Schema.OPTIONAL_STRING_SCHEMA).field("occurred_at", TIME_SCHEMA)
      .field("session_id", Schema.OPTIONAL_STRING_SCHEMA).field("metadata", JSON_SCHEMA)
      .field("source_uri", Schema.OPTIONAL_STRING_SCHEMA).field("dedupe_key", Schema.OPTIONAL_STRING_SCHEMA)
      .field("importance_score", Schema.OPTIONAL_FLOAT64_SCHEMA).build();

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    // Nothing to set.
  }

  @Override
  public byte[] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
    throw new DataException("this converter only reads");
  }

  @Override
  public SchemaAndValue toConnectData(String topic, @Nullable Headers headers, byte @Nullable [] value) {
    Header type = headers == null ? null : headers.lastHeader("ce_type");
    boolean other = type != null && !EVENT_CREATED.equals(text(type));
    if (other || value == null) {
      return SchemaAndValue.NULL;
    }
    Header id = headers == null ? null : headers.lastHeader("ce_id");
    try (JsonParser json = JSON.createParser(value)) {
      return new SchemaAndValue(EVENT, row(json, value, id == null ? "" : text(id)));
    } catch (IOException e) {
      throw new DataException("not a JSON object", e);
    }
  }

  @Override
  public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
    return toConnectData(topic, null, value);
  }

  private static String text(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static Struct row(JsonParser json, byte[] value, String cloudEventId) throws IOException {
    Struct row = new Struct(EVENT);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new DataException("not a JSON object");
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken token = json.nextToken();
      if (token == JsonToken.VALUE_NULL || EVENT.field(name) == null) {
        json.skipChildren();
        continue;
      }
      switch (name) {
        case "importance_score" -> row.put(name, json.getDoubleValue());
        case "metadata" -> row.put(name, raw(json, value));
        default -> row.put(name, json.getText());
      }
    }
    complete(row, cloudEventId);
    return row;
  }

  /** The object at hand as it was sent. */
  private static String raw(JsonParser json, byte[] value) throws IOException {
    int start = Math.toIntExact(json.currentTokenLocation().getByteOffset());
    json.skipChildren();
    int end = Math.toIntExact(json.currentLocation().getByteOffset());
    return new String(value, start, end - start, StandardCharsets.UTF_8);
  }

  private static void complete(Struct row, String cloudEventId) {
    if (row.get("metadata") == null) {
      row.put("metadata", "{}");
    }
    if (row.get("occurred_at") == null) {
      row.put("occurred_at", Instant.now().toString());
    }
    String key = row.getString("dedupe_key") != null ? row.getString("dedupe_key") : row.getString("source_uri");
    row.put("id", RowId.of(row.getString("agent_id"), key == null ? cloudEventId : key));
  }
}
