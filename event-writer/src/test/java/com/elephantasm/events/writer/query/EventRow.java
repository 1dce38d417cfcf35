package com.elephantasm.events.writer.query;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A row of events as the writer would make it. */
public final class EventRow {
  private static final AtomicLong OFFSETS = new AtomicLong();
  private final JdbcClient jdbc;
  private final UUID spirit;
  private UUID id = UUID.randomUUID();
  private String type = "message.in";
  private String content = "Hello";
  private @Nullable String role;
  private @Nullable String author;
  private @Nullable String session;
  private @Nullable Double importance;
  private String metadata = "{}";
  private Instant occurredAt = Instant.parse("2026-01-01T00:00:00Z");
  private Instant createdAt = Instant.parse("2026-01-01T00:00:01Z");
  private long offset = OFFSETS.incrementAndGet();
  private boolean deleted;

  EventRow(JdbcClient jdbc, UUID spirit) {
    this.jdbc = jdbc;
    this.spirit = spirit;
  }

  EventRow id(UUID value) {
    id = value;
    return this;
  }

  EventRow type(String value) {
    type = value;
    return this;
  }

  public EventRow content(String value) {
    content = value;
    return this;
  }

  EventRow role(String value) {
    role = value;
    return this;
  }

  EventRow author(String value) {
    author = value;
    return this;
  }

  EventRow session(String value) {
    session = value;
    return this;
  }

  EventRow importance(double value) {
    importance = value;
    return this;
  }

  EventRow metadata(String value) {
    metadata = value;
    return this;
  }

  EventRow occurredAt(String value) {
    occurredAt = Instant.parse(value);
    return this;
  }

  EventRow createdAt(String value) {
    createdAt = Instant.parse(value);
    return this;
  }

  EventRow offset(long value) {
    offset = value;
    return this;
  }

  public EventRow deleted() {
    deleted = true;
    return this;
  }

  /** Returns its id. */
  public UUID insert() {
    jdbc.sql("""
        INSERT INTO events (id, agent_id, event_type, content, role, author, occurred_at, session_id, metadata,
          importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition, created_offset,
          changed_partition, changed_offset)
        VALUES (:id, :spirit, :type, :content, :role, :author, :occurredAt, :session, CAST(:metadata AS json),
          :importance, :createdAt, :createdAt, :deleted, :id, 1, :offset, 1, :offset)
        """).param("id", id).param("spirit", spirit).param("type", type).param("content", content).param("role", role)
        .param("author", author).param("occurredAt", occurredAt.atOffset(ZoneOffset.UTC)).param("session", session)
        .param("metadata", metadata).param("importance", importance)
        .param("createdAt", createdAt.atOffset(ZoneOffset.UTC)).param("deleted", deleted).param("offset", offset)
        .update();
    return id;
  }

  /** Inserts many like it, a second apart from each other, in log order. */
  void insertMany(int count) {
    jdbc.sql("""
        INSERT INTO events (id, agent_id, event_type, content, role, author, occurred_at, session_id, metadata,
          importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition, created_offset,
          changed_partition, changed_offset)
        SELECT gen_random_uuid(), :spirit, :type, :content || ' ' || n, :role, :author,
          :occurredAt + n * interval '1 second', :session, CAST(:metadata AS json), :importance, :createdAt, :createdAt,
          :deleted, gen_random_uuid(), 1, :offset + n, 1, :offset + n
        FROM generate_series(0, :count - 1) n
        """).param("spirit", spirit).param("type", type).param("content", content).param("role", role)
        .param("author", author).param("occurredAt", occurredAt.atOffset(ZoneOffset.UTC)).param("session", session)
        .param("metadata", metadata).param("importance", importance)
        .param("createdAt", createdAt.atOffset(ZoneOffset.UTC)).param("deleted", deleted)
        .param("offset", OFFSETS.getAndAdd(count)).param("count", count).update();
  }
}
