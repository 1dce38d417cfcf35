package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.store.StoredRows;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads events from the store. Each call is one read-only transaction of bounded duration. */
public final class EventQueries {
  /** Rows that are in memory at once when a list is streamed; an event may be as large as a request. */
  private static final int FETCH_SIZE = 100;

  private final JdbcClient jdbc;
  private final ReadTransactions transactions;

  EventQueries(JdbcClient jdbc, ReadTransactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * The event as it is stored, deleted or not; empty too where the caller may not see it. Mostly the id tells that already, and
   * the store is not asked.
   *
   * @throws com.elephantasm.events.http.ProblemException 503 where the store does not answer, or not in time
   */
  public Optional<Event> find(EventId id, Caller caller) {
    if (!caller.maySee(id)) {
      return Optional.empty();
    }
    return transactions.read(() -> jdbc.sql("""
        SELECT id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata, source_uri,
          dedupe_key, importance_score, created_at, updated_at, is_deleted
        FROM events
        WHERE id = :id
        """ + VisibleSpirits.condition(caller, "agent_id")).param("id", id.value())
        .param("visible", VisibleSpirits.of(caller)).query((row, _) -> StoredRows.event(row)).optional());
  }

  /** Whose those of these events are that are there, deleted or not. */
  List<EventOwner> owners(Collection<EventId> ids) {
    return transactions.read(() -> jdbc.sql("SELECT id, agent_id, is_deleted FROM events WHERE id = ANY (:ids::uuid[])")
        .param("ids", ids.stream().map(EventId::toString).toArray(String[]::new))
        .query((row, _) -> new EventOwner(new EventId(row.getObject("id", UUID.class)),
            new SpiritId(row.getObject("agent_id", UUID.class)), row.getBoolean("is_deleted")))
        .list());
  }

  long count(EventFilter filter) {
    return transactions.read(() -> jdbc.sql("SELECT count(*) FROM events WHERE " + filter.conditions())
        .paramSource(parameters(filter)).query(Long.class).single());
  }

  /** At most {@code limit} events of the window, and whether there are more. */
  Page<Event> page(EventFilter filter, EventWindow window, int limit) {
    EventWindow oneMore = window.withLimit(limit + 1);
    List<Row> rows = transactions.read(() -> jdbc.sql(listing(filter, oneMore))
        .paramSource(parameters(filter, oneMore))
        .query((row, _) -> new Row(StoredRows.event(row), row.getLong("created_offset")))
        .list());
    boolean more = rows.size() > limit;
    List<Event> events = rows.stream().limit(limit).map(Row::event).toList();
    return new Page<>(events, more ? rows.get(limit - 1).cursor(filter.order()).encoded() : null);
  }

  /** All events of the window, one after the other while they are read: none is kept. */
  void forEach(EventFilter filter, EventWindow window, Consumer<Event> action) {
    transactions.read(() -> {
      jdbc.sql(listing(filter, window)).paramSource(parameters(filter, window)).withFetchSize(FETCH_SIZE)
          .query(row -> {
            action.accept(StoredRows.event(row));
          });
      return null;
    });
  }

  static String listing(EventFilter filter, EventWindow window) {
    return """
        SELECT id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata, source_uri,
          dedupe_key, importance_score, created_at, updated_at, is_deleted, created_offset
        FROM events
        WHERE\s""" + filter.conditions() + (window.after() == null ? "" : filter.order().after())
        + filter.order().orderBy()
        + (window.limit() == null ? "" : "LIMIT :limit\n") + (window.offset() == 0 ? "" : "OFFSET :offset\n");
  }

  static MapSqlParameterSource parameters(EventFilter filter, EventWindow window) {
    MapSqlParameterSource parameters = parameters(filter).addValue("limit", window.limit()).addValue("offset",
        window.offset());
    EventCursor after = window.after();
    return after == null
        ? parameters
        : parameters.addValue("afterOccurredAt", utc(after.occurredAt()))
            .addValue("afterCreatedAt", utc(after.createdAt())).addValue("afterOffset", after.createdOffset())
            .addValue("afterId", after.id());
  }

  private static MapSqlParameterSource parameters(EventFilter filter) {
    return new MapSqlParameterSource("agentId", filter.agentId().value()).addValue("eventType", filter.eventType())
        .addValue("sessionId", filter.sessionId()).addValue("role", filter.role()).addValue("author", filter.author())
        .addValue("minImportance", filter.minImportance()).addValue("since", utc(filter.since()))
        .addValue("until", utc(filter.until()));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private record Row(Event event, long createdOffset) {
    EventCursor cursor(EventOrder order) {
      return new EventCursor(order, event.occurredAt(), event.createdAt(), createdOffset, event.id().value());
    }
  }
}
