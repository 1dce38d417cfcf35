package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * New events whose own record stands behind the position that the store had reached before they were stored. Collects those of
 * a transaction, and numbers them at its end.
 */
final class LateEvents {
  private record Late(UUID agentId, UUID eventId) {}

  /** As many numbers as one statement takes: thousands of events may have waited for one spirit. */
  private static final int AT_ONCE = 5000;

  /** Of advisory locks that take two keys, so that none of those that hold the places of spirits can be it. */
  private static final int LOCK_SPACE = 0x7A11;

  private final JdbcClient jdbc;
  private final Map<Integer, Long> reached;
  private final List<Late> late = new ArrayList<>();

  /**
   * @param reached the positions before the transaction in those partitions that it has locked; an event of any other one is
   *     late, because a record of the log that is not of this batch was applied before
   */
  LateEvents(JdbcClient jdbc, Map<Integer, Long> reached) {
    this.jdbc = jdbc;
    this.reached = reached;
  }

  void addIfLate(EventRow inserted) {
    if (isBehind(inserted.created())) {
      late.add(new Late(inserted.event().agentId().value(), inserted.event().id().value()));
    }
  }

  /** How many there are, to {@link #forgetAfter} so many what is rolled back. */
  int count() {
    return late.size();
  }

  void forgetAfter(int count) {
    late.subList(count, late.size()).clear();
  }

  /** Whether the store had come past the position before the transaction, or may have. */
  boolean isBehind(Position position) {
    return isBehind(reached, position);
  }

  static boolean isBehind(Map<Integer, Long> reached, Position position) {
    return position.offset() < reached.getOrDefault(position.partition(), Long.MAX_VALUE);
  }

  /**
   * Numbers them in the order in which they were added. To be the last thing of its transaction: the lock that makes commits
   * come in the order of the numbers must not be held while a row's lock is awaited.
   */
  void save() {
    if (late.isEmpty()) {
      return;
    }
    jdbc.sql("SELECT count(pg_advisory_xact_lock(:space, 0))").param("space", LOCK_SPACE).query(Long.class).single();
    for (int from = 0; from < late.size(); from += AT_ONCE) {
      save(late.subList(from, Math.min(late.size(), from + AT_ONCE)));
    }
  }

  /** An event that was taken out of the table by hand and is stored once more gets another number. */
  private void save(List<Late> some) {
    jdbc.sql("""
        INSERT INTO late_events (agent_id, event_id)
        SELECT agent_id, event_id
        FROM unnest(:agents::uuid[], :events::uuid[]) WITH ORDINALITY AS row (agent_id, event_id, number)
        ORDER BY number
        ON CONFLICT (event_id) DO UPDATE SET position = DEFAULT
        """).param("agents", column(some, Late::agentId)).param("events", column(some, Late::eventId)).update();
  }
}
