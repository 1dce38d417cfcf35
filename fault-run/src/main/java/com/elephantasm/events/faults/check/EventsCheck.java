package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.SentEvent;
import com.elephantasm.events.faults.load.SentEvent.Expectation;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds the stored events against the log and the history: each row is one that was sent and is what the log makes of it, none is
 * there twice, and none that was acknowledged is missing.
 */
final class EventsCheck {
  private record Key(UUID agent, String key) {}

  private final History history;
  private final Model model;
  private final Anomalies anomalies;
  private final Set<UUID> ids = new HashSet<>();
  private final Set<Key> keys = new HashSet<>();
  private final BitSet stored = new BitSet();
  private long rows;

  EventsCheck(History history, Model model, Anomalies anomalies) {
    this.history = history;
    this.model = model;
    this.anomalies = anomalies;
  }

  /** Takes a row of the store, in any order. */
  void accept(EventRow row) {
    rows++;
    SentEvent event = history.event(SentEvent.numberIn(row.content()));
    checkUnique(row, event);
    checkAgainstLog(row);
    if (event == null) {
      anomalies.add(Kind.NOBODY_SENT, "row %s has no known marker: %.200s", row.id(), row.content());
    } else {
      checkAgainstHistory(row, event);
    }
  }

  /** Holds without any index in the database. */
  private void checkUnique(EventRow row, @Nullable SentEvent event) {
    if (!ids.add(row.id()) || event != null && stored.get((int) event.number())) {
      anomalies.add(Kind.STORED_TWICE, "event %s is stored once more as %s, made at %s",
          event == null ? row.content() : event.story(), row.id(), row.created());
    }
    if (row.dedupeKey() != null && !keys.add(new Key(row.agentId(), row.dedupeKey()))) {
      anomalies.add(Kind.SAME_KEY_TWICE, "row %s is one of two of spirit %s with the key %s", row.id(), row.agentId(),
          row.dedupeKey());
    }
  }

  private void checkAgainstLog(EventRow row) {
    EventRow made = model.event(row.id());
    if (made == null) {
      anomalies.add(Kind.WITHOUT_RECORD, "no record makes the row %s, which says that it was made at %s: %.200s",
          row.id(), row.created(), row.content());
      return;
    }
    List<String> differences = Differences.between(row, made);
    if (!differences.isEmpty()) {
      anomalies.add(Kind.DIFFERS_FROM_LOG, "row %s, made at %s: %s", row.id(), made.created(),
          String.join("; ", differences));
    }
  }

  private void checkAgainstHistory(EventRow row, SentEvent event) {
    stored.set((int) event.number());
    if (event.expectation() != Expectation.STORED) {
      anomalies.add(Kind.REFUSED_BUT_THERE, "event %s must not be stored (%s), and is, as %s", event.story(),
          event.expectation(), row.id());
    } else if (!event.mayBeThere()) {
      anomalies.add(Kind.REFUSED_BUT_THERE, "event %s was refused for certain, and is stored as %s", event.story(),
          row.id());
    }
    UUID told = event.id();
    if (told != null && !told.equals(row.id())) {
      anomalies.add(Kind.ID_CHANGED, "event %s is stored as %s, and its sender knows it as %s", event.story(),
          row.id(), told);
    }
    List<String> differences = SentFields.differences(event, row);
    if (!differences.isEmpty()) {
      anomalies.add(Kind.NOBODY_SENT, "row %s is not what was sent as %s: %s", row.id(), event.marker(),
          String.join("; ", differences));
    }
  }

  /** After the last row. */
  void finish() {
    for (SentEvent event : history.events()) {
      if (!stored.get((int) event.number())) {
        checkAbsent(event);
      }
    }
    for (EventRow made : model.events()) {
      if (!ids.contains(made.id())) {
        anomalies.add(Kind.SKIPPED, "the record at %s makes the row %s, and there is none: %.200s", made.created(),
            made.id(), made.content());
      }
    }
  }

  private void checkAbsent(SentEvent event) {
    if (event.expectation() == Expectation.STORED && event.isAcknowledged() && model.hasSpirit(event.agent())) {
      anomalies.add(Kind.LOST, "event %s is not stored; its records were acknowledged at %s", event.story(),
          event.positions());
    }
    if (event.isSeen()) {
      anomalies.add(Kind.SEEN_AND_GONE, "event %s was read as %s, and is not stored", event.story(),
          described(event.id()));
    }
  }

  private static String described(@Nullable UUID id) {
    return id == null ? "an event without an id" : id.toString();
  }

  long rows() {
    return rows;
  }
}
