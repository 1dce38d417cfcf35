package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.SpiritId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of events. Every call is one statement and joins the caller's transaction. */
final class EventRows {
  private final JdbcClient jdbc;

  EventRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Inserts those that are not there, in the order of their ids, so that two writers never wait for each other in a circle.
   *
   * @return the ids of those that were new
   */
  Set<UUID> insert(Collection<EventRow> rows) {
    return jdbc.sql("""
        INSERT INTO events (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id,
          metadata, source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest,
          created_partition, created_offset, changed_partition, changed_offset)
        SELECT id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id,
          metadata, source_uri, dedupe_key, importance_score, created_at, created_at, false, payload_digest,
          log_partition, log_offset, log_partition, log_offset
        FROM unnest(:ids::uuid[], :agents::uuid[], :types::text[], :contents::text[], :summaries::text[], :roles::text[],
          :authors::text[], :occurredAt::timestamptz[], :sessions::text[], :metadata::json[], :sources::text[],
          :keys::text[], :importance::double precision[], :createdAt::timestamptz[], :digests::uuid[],
          :partitions::integer[], :offsets::bigint[])
          AS row (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
            source_uri, dedupe_key, importance_score, created_at, payload_digest, log_partition, log_offset)
        ORDER BY id
        ON CONFLICT DO NOTHING
        RETURNING id
        """).param("ids", column(rows, row -> row.event().id()))
        .param("agents", column(rows, row -> row.event().agentId()))
        .param("types", column(rows, row -> row.event().eventType()))
        .param("contents", column(rows, row -> row.event().content()))
        .param("summaries", column(rows, row -> row.event().metaSummary()))
        .param("roles", column(rows, row -> row.event().role()))
        .param("authors", column(rows, row -> row.event().author()))
        .param("occurredAt", column(rows, row -> row.event().occurredAt()))
        .param("sessions", column(rows, row -> row.event().sessionId()))
        .param("metadata", column(rows, row -> row.event().metadata().json()))
        .param("sources", column(rows, row -> row.event().sourceUri())).param("keys", column(rows, EventRows::key))
        .param("importance", column(rows, row -> row.event().importanceScore()))
        .param("createdAt", column(rows, row -> row.event().createdAt()))
        .param("digests", column(rows, EventRow::payloadDigest))
        .param("partitions", column(rows, row -> row.created().partition()))
        .param("offsets", column(rows, row -> row.created().offset())).query((row, _) -> Sql.uuid(row, "id")).set();
  }

  /** @return the ids of those that are there */
  Set<UUID> present(Collection<EventRow> rows) {
    return jdbc.sql("SELECT id FROM events WHERE id = ANY (:ids::uuid[])")
        .param("ids", column(rows, row -> row.event().id())).query((row, _) -> Sql.uuid(row, "id")).set();
  }

  private static @Nullable String key(EventRow row) {
    DedupeKey key = row.event().dedupeKey();
    return key == null ? null : key.value();
  }

  List<EventState> find(Collection<EventId> ids) {
    return states(ids, "");
  }

  /** Finds them for a change, in the order of their ids, as {@link #insert} does. */
  List<EventState> lock(Collection<EventId> ids) {
    return states(ids, "ORDER BY id FOR UPDATE");
  }

  private List<EventState> states(Collection<EventId> ids, String orderAndLock) {
    return jdbc.sql("""
        SELECT id, agent_id, occurred_at, payload_digest, created_partition, created_offset, changed_partition,
          changed_offset, updated_at, meta_summary, importance_score, metadata, role, author, is_deleted
        FROM events WHERE id = ANY (:ids::uuid[])
        """ + orderAndLock).param("ids", column(ids, id -> id)).query(EventRows::state).list();
  }

  void update(Collection<EventState> rows) {
    jdbc.sql("""
        UPDATE events SET meta_summary = row.meta_summary, importance_score = row.importance_score,
          metadata = row.metadata, role = row.role, author = row.author, is_deleted = row.is_deleted,
          updated_at = row.updated_at, changed_partition = row.log_partition, changed_offset = row.log_offset
        FROM unnest(:ids::uuid[], :summaries::text[], :importance::double precision[], :metadata::json[], :roles::text[],
          :authors::text[], :deleted::boolean[], :updatedAt::timestamptz[], :partitions::integer[], :offsets::bigint[])
          AS row (id, meta_summary, importance_score, metadata, role, author, is_deleted, updated_at, log_partition,
            log_offset)
        WHERE events.id = row.id
        """).param("ids", column(rows, EventState::id)).param("summaries", column(rows, EventState::metaSummary))
        .param("importance", column(rows, EventState::importanceScore))
        .param("metadata", column(rows, row -> row.metadata().json())).param("roles", column(rows, EventState::role))
        .param("authors", column(rows, EventState::author)).param("deleted", column(rows, EventState::isDeleted))
        .param("updatedAt", column(rows, row -> row.version().at()))
        .param("partitions", column(rows, row -> row.version().changed().partition()))
        .param("offsets", column(rows, row -> row.version().changed().offset())).update();
  }

  /** Whole events, for those who asked. */
  List<Event> read(Collection<EventId> ids) {
    return jdbc.sql("SELECT * FROM events WHERE id = ANY (:ids::uuid[])").param("ids", column(ids, id -> id))
        .query((row, _) -> StoredRows.event(row)).list();
  }

  private static EventState state(ResultSet row, int number) throws SQLException {
    return new EventState(new EventId(Sql.uuid(row, "id")), new SpiritId(Sql.uuid(row, "agent_id")),
        Sql.instant(row, "occurred_at"), Sql.uuid(row, "payload_digest"), Sql.position(row, "created"),
        new Version(Sql.position(row, "changed"), Sql.instant(row, "updated_at")), row.getString("meta_summary"),
        row.getObject("importance_score", Double.class), new Metadata(row.getString("metadata")), row.getString("role"),
        row.getString("author"), row.getBoolean("is_deleted"));
  }
}
