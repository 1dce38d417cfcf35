package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly;
import com.elephantasm.events.faults.load.Answer;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.LogPosition;
import com.elephantasm.events.faults.load.SentChange;
import com.elephantasm.events.faults.load.SentEvent;
import com.elephantasm.events.faults.load.SentSpirit;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Holds the log against the history: each record is one that was sent, what was acknowledged is where its sender was told, changes
 * of one thing are in the order in which they were acknowledged, and what was refused is not there.
 */
final class LogCheck {
  private final History history;
  private final Model model;
  private final Anomalies anomalies;
  private final Claims claims;
  private final Map<String, SentChange> changes = new HashMap<>();
  private final Set<String> changesInLog = new HashSet<>();
  private final Map<String, Long> unclaimedDeletions = new HashMap<>();
  private final BitSet eventsInLog = new BitSet();
  private long records;

  LogCheck(History history, Model model, Anomalies anomalies) {
    this.history = history;
    this.model = model;
    this.anomalies = anomalies;
    claims = new Claims(history, anomalies);
    history.events().forEach(event -> remember(event.changes()));
    history.spirits().forEach(spirit -> remember(spirit.changes()));
  }

  private void remember(List<SentChange> sent) {
    sent.forEach(change -> changes.put(change.mark(), change));
  }

  /** Records come in the order of their offsets within each partition; before they are applied to the model or after. */
  void accept(LogRecord record) {
    records++;
    switch (record.type()) {
      case "com.elephantasm.event.created.v1" -> acceptEvent(record);
      case "com.elephantasm.event.amended.v1" -> acceptAmendment(record);
      case "com.elephantasm.spirit.created.v1", "com.elephantasm.spirit.amended.v1" -> acceptSpirit(record);
      default -> nobodySent(record, "a record of type " + record.type());
    }
  }

  private void acceptEvent(LogRecord record) {
    String content = record.text("content");
    SentEvent event = content == null ? null : history.event(SentEvent.numberIn(content));
    if (event == null) {
      nobodySent(record, "an event without a known marker");
      return;
    }
    claims.settle(record.position(), event.marker());
    if (event.expectation() == SentEvent.Expectation.INVALID) {
      anomalies.add(Anomaly.Kind.REFUSED_BUT_THERE, "invalid event %s is in the log at %s", event.story(),
          record.position());
    }
    if (event.naming() == SentEvent.Naming.NOTHING && eventsInLog.get((int) event.number())) {
      anomalies.add(Anomaly.Kind.PUBLISHED_TWICE, "event %s, sent once, is in the log once more at %s", event.story(),
          record.position());
    }
    eventsInLog.set((int) event.number());
  }

  private void acceptAmendment(LogRecord record) {
    SentEvent event = amended(record);
    if (event == null) {
      nobodySent(record, "a change of event " + record.text("id") + ", which nobody has sent");
      return;
    }
    String mark = markOfAmendment(record);
    if (mark != null) {
      acceptChange(record, mark, event.marker());
    } else {
      String deletion = Claims.deletionOf(event.marker());
      if (!claims.settle(record.position(), deletion)) {
        unclaimedDeletions.merge(event.marker(), 1L, Long::sum);
      }
    }
  }

  private @Nullable SentEvent amended(LogRecord record) {
    String id = record.text("id");
    EventRow row = id == null ? null : model.event(UUID.fromString(id));
    return row == null ? null : history.event(SentEvent.numberIn(row.content()));
  }

  private static @Nullable String markOfAmendment(LogRecord record) {
    String mark = record.json().path("metadata").path("mark").asString("");
    return mark.isEmpty() ? record.text("meta_summary") : mark;
  }

  private void acceptSpirit(LogRecord record) {
    String id = record.text("id");
    SentSpirit spirit = id == null ? null : history.spirit(UUID.fromString(id));
    String mark = record.text("description");
    if (spirit == null || mark == null) {
      nobodySent(record, "a change of spirit " + id);
    } else {
      acceptChange(record, mark, spirit.marker());
    }
  }

  private void acceptChange(LogRecord record, String mark, String marker) {
    claims.settle(record.position(), mark);
    SentChange change = changes.get(mark);
    if (change == null || !mark.startsWith(marker + ".")) {
      nobodySent(record, "change %s of %s".formatted(mark, marker));
    } else if (change.answer() instanceof Answer.Refused) {
      anomalies.add(Anomaly.Kind.REFUSED_BUT_THERE, "change %s is in the log at %s, and was %s", mark,
          record.position(), change.answer());
    }
    if (!changesInLog.add(mark)) {
      anomalies.add(Anomaly.Kind.PUBLISHED_TWICE, "change %s, sent once, is in the log once more at %s", mark,
          record.position());
    }
  }

  private void nobodySent(LogRecord record, String what) {
    anomalies.add(Anomaly.Kind.NOBODY_SENT, "the log has %s at %s: %.300s", what, record.position(), record.json());
  }

  /** After the last record. */
  void finish() {
    claims.finish();
    for (SentEvent event : history.events()) {
      checkChanges(event.marker(), event.changes());
    }
    for (SentSpirit spirit : history.spirits()) {
      checkChanges(spirit.marker(), spirit.changes());
    }
  }

  private void checkChanges(String marker, List<SentChange> sent) {
    LogPosition last = null;
    long ambiguousDeletions = 0;
    for (SentChange change : sent) {
      boolean deletion = change.kind() == SentChange.Kind.DELETE;
      switch (change.answer()) {
        case Answer.Acknowledged acknowledged -> {
          if (!deletion && !changesInLog.contains(change.mark())) {
            anomalies.add(Anomaly.Kind.CHANGE_LOST, "change %s is not in the log, and was %s", change.mark(),
                acknowledged);
          }
          last = inOrder(change.mark(), last, acknowledged.at());
        }
        case Answer.Ambiguous _ -> ambiguousDeletions += deletion ? 1 : 0;
        case Answer.Refused _ -> {
        }
      }
    }
    long unclaimed = unclaimedDeletions.getOrDefault(marker, 0L);
    if (unclaimed > ambiguousDeletions) {
      anomalies.add(Anomaly.Kind.NOBODY_SENT,
          "the log has %d deletions of %s beside those that were acknowledged, and %d were sent",
          unclaimed, marker, ambiguousDeletions);
    }
  }

  private @Nullable LogPosition inOrder(String mark, @Nullable LogPosition last, @Nullable LogPosition at) {
    if (last != null && at != null && (last.partition() != at.partition() || last.offset() >= at.offset())) {
      anomalies.add(Anomaly.Kind.CHANGE_LOST,
          "change %s is in the log at %s, and the one that was acknowledged before it at %s",
          mark, at, last);
    }
    return at == null ? last : at;
  }

  long records() {
    return records;
  }
}
