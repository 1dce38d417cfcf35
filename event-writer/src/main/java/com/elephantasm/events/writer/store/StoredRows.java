package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows of the tables as what they store; the result set has the columns by their names. */
public final class StoredRows {
  private StoredRows() {}

  public static Event event(ResultSet row) throws SQLException {
    String key = row.getString("dedupe_key");
    return new Event(new EventId(Sql.uuid(row, "id")), new SpiritId(Sql.uuid(row, "agent_id")),
        row.getString("event_type"), row.getString("content"), row.getString("meta_summary"), row.getString("role"),
        row.getString("author"), Sql.instant(row, "occurred_at"), row.getString("session_id"),
        new Metadata(row.getString("metadata")), row.getString("source_uri"), key == null ? null : new DedupeKey(key),
        row.getObject("importance_score", Double.class), Sql.instant(row, "created_at"), Sql.instant(row, "updated_at"),
        row.getBoolean("is_deleted"));
  }

  /** The record that a dead letter keeps, where it stood first; of {@code log_partitions}, topic and partition are needed. */
  public static ReceivedRecord rejected(ResultSet row) throws SQLException {
    return new ReceivedRecord(
        new RecordPosition(row.getString("topic"), row.getInt("partition"), row.getLong("first_offset")),
        Sql.instant(row, "record_timestamp"), row.getBytes("record_key"),
        HeadersJson.read(row.getString("record_headers")), row.getBytes("record_value"));
  }

  public static Spirit spirit(ResultSet row) throws SQLException {
    return new Spirit(new SpiritId(Sql.uuid(row, "id")), row.getString("name"), row.getString("description"),
        new Metadata(row.getString("metadata")), Sql.instant(row, "created_at"), Sql.instant(row, "updated_at"),
        row.getBoolean("is_deleted"));
  }
}
