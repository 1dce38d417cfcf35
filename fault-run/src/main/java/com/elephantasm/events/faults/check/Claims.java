package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly;
import com.elephantasm.events.faults.load.Answer;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.LogPosition;
import com.elephantasm.events.faults.load.SentChange;
import com.elephantasm.events.faults.load.SentEvent;
import com.elephantasm.events.faults.load.SentSpirit;
import java.util.HashMap;
import java.util.Map;

/** Where records must stand because their senders were told so. */
final class Claims {
  private final Map<LogPosition, String> marks = new HashMap<>();
  private final Anomalies anomalies;

  Claims(History history, Anomalies anomalies) {
    this.anomalies = anomalies;
    for (SentEvent event : history.events()) {
      event.positions().forEach(position -> claim(position, event.marker()));
      event.changes().forEach(change -> claim(change, event.marker()));
    }
    for (SentSpirit spirit : history.spirits()) {
      spirit.changes().forEach(change -> claim(change, spirit.marker()));
    }
  }

  /** Of a record that has no room for a mark. */
  static String deletionOf(String marker) {
    return "deletion of " + marker;
  }

  private void claim(SentChange change, String marker) {
    if (change.answer() instanceof Answer.Acknowledged acknowledged && acknowledged.at() != null) {
      claim(acknowledged.at(), change.kind() == SentChange.Kind.DELETE ? deletionOf(marker) : change.mark());
    }
  }

  private void claim(LogPosition position, String mark) {
    String other = marks.put(position, mark);
    if (other != null && !other.equals(mark)) {
      anomalies.add(Anomaly.Kind.NOT_IN_LOG, "%s and %s were both acknowledged at %s", other, mark, position);
    }
  }

  /** Whether the record at this position was acknowledged by it. */
  boolean settle(LogPosition position, String mark) {
    String claimed = marks.remove(position);
    if (claimed != null && !claimed.equals(mark)) {
      anomalies.add(Anomaly.Kind.NOT_IN_LOG, "%s was acknowledged at %s, where the log has %s", claimed, position,
          mark);
    }
    return claimed != null;
  }

  /** What was claimed and not settled is not in the log. */
  void finish() {
    marks.forEach((position, mark) -> anomalies.add(Anomaly.Kind.NOT_IN_LOG,
        "%s was acknowledged at %s, where the log has nothing", mark, position));
  }
}
