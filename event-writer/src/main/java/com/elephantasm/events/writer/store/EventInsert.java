package com.elephantasm.events.writer.store;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Puts those events of a batch into their table that are not there, in the way that costs PostgreSQL least: by {@code COPY} where
 * there are many, and all or nearly all are new. A copy ends at the first one that is there already; then the statement that knows
 * conflicts does the whole batch, and for a while those that are there are asked for before the others are copied.
 */
final class EventInsert {
  /** For fewer, the savepoint around a copy costs more than the copy saves. */
  private static final int LEAST_TO_COPY = 100;
  /** Duplicates seldom come alone: clients repeat what they have sent for a while, or a log is replayed. */
  private static final int BATCHES_TO_ASK = 50;

  private final EventRows rows;
  private final EventCopy copy;
  private final AtomicInteger batchesToAsk = new AtomicInteger();

  EventInsert(EventRows rows, DataSource dataSource) {
    this.rows = rows;
    this.copy = new EventCopy(dataSource);
  }

  /** @return the ids of those that were new */
  Set<UUID> insert(Collection<EventRow> events) {
    if (events.size() < LEAST_TO_COPY || !events.stream().allMatch(EventCopy::takes)) {
      return rows.insert(events);
    }
    List<EventRow> missing = missing(events);
    if (missing.size() < LEAST_TO_COPY) {
      return missing.isEmpty() ? Set.of() : rows.insert(missing);
    }
    try {
      copy.copy(missing);
    } catch (DataIntegrityViolationException _) {
      batchesToAsk.set(BATCHES_TO_ASK);
      return rows.insert(missing);
    }
    Set<UUID> copied = HashSet.newHashSet(missing.size());
    missing.forEach(event -> copied.add(event.event().id().value()));
    return copied;
  }

  private List<EventRow> missing(Collection<EventRow> events) {
    if (batchesToAsk.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
      return List.copyOf(events);
    }
    Set<UUID> present = rows.present(events);
    if (!present.isEmpty()) {
      batchesToAsk.set(BATCHES_TO_ASK);
    }
    return events.stream().filter(event -> !present.contains(event.event().id().value())).toList();
  }
}
