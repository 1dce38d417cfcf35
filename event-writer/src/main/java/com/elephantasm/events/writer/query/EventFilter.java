package com.elephantasm.events.writer.query;

import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events are asked for: those that meet every condition given.
 *
 * @param minImportance at least that; an event without a score does not meet it
 * @param since earliest {@code occurred_at}, inclusive
 * @param until latest {@code occurred_at}, exclusive
 */
public record EventFilter(SpiritId agentId, @Nullable String eventType, @Nullable String sessionId,
    @Nullable String role,
    @Nullable String author, @Nullable Double minImportance, @Nullable Instant since, @Nullable Instant until,
    boolean includeDeleted) {

  /**
   * Reads it from the parameters of a query that has no others.
   *
   * @throws com.elephantasm.events.http.ProblemException 422 with everything that is wrong
   */
  public static EventFilter of(Map<String, List<String>> given) {
    QueryParameters parameters = new QueryParameters(given);
    EventFilter filter = read(parameters);
    parameters.requireValid();
    return filter;
  }

  /** Reads it from the parameters of a query. */
  static EventFilter read(QueryParameters parameters) {
    return new EventFilter(new SpiritId(parameters.requiredUuid("agent_id")), parameters.text("event_type"),
        parameters.text("session_id"), parameters.text("role"), parameters.text("author"),
        parameters.fraction("min_importance"), parameters.timestamp("since"), parameters.timestamp("until"),
        parameters.flag("include_deleted"));
  }

  /** A session is read from its beginning, everything else from now. */
  EventOrder order() {
    return sessionId == null ? EventOrder.NEWEST_FIRST : EventOrder.OLDEST_FIRST;
  }

  /** Only of constants: the values are parameters, and conditions that are not given are not there to mislead the planner. */
  String conditions() {
    StringBuilder sql = new StringBuilder("agent_id = :agentId\n");
    add(sql, eventType, "AND event_type = :eventType\n");
    add(sql, sessionId, "AND session_id = :sessionId\n");
    add(sql, role, "AND role = :role\n");
    add(sql, author, "AND author = :author\n");
    add(sql, minImportance, "AND importance_score >= :minImportance\n");
    add(sql, since, "AND occurred_at >= :since\n");
    add(sql, until, "AND occurred_at < :until\n");
    return sql.append(includeDeleted ? "" : "AND NOT is_deleted\n").toString();
  }

  /** Says of an event at hand what {@link #conditions} say of one in the store. */
  public boolean matches(Event event) {
    return agentId.equals(event.agentId()) && isEqual(eventType, event.eventType())
        && isEqual(sessionId, event.sessionId()) && isEqual(role, event.role()) && isEqual(author, event.author())
        && isImportant(event.importanceScore()) && (since == null || !event.occurredAt().isBefore(since))
        && (until == null || event.occurredAt().isBefore(until)) && (includeDeleted || !event.isDeleted());
  }

  private static boolean isEqual(@Nullable String wanted, @Nullable String value) {
    return wanted == null || wanted.equals(value);
  }

  private boolean isImportant(@Nullable Double score) {
    return minImportance == null || score != null && score >= minImportance;
  }

  private static void add(StringBuilder sql, @Nullable Object value, String condition) {
    if (value != null) {
      sql.append(condition);
    }
  }
}
