package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Holds the stored spirits against the log. */
final class SpiritsCheck {
  private final Model model;
  private final Anomalies anomalies;
  private final Set<UUID> stored = new HashSet<>();

  SpiritsCheck(Model model, Anomalies anomalies) {
    this.model = model;
    this.anomalies = anomalies;
  }

  void accept(SpiritRow row) {
    if (!stored.add(row.id())) {
      anomalies.add(Kind.STORED_TWICE, "there are two rows of spirit %s", row.id());
    }
    SpiritRow made = model.spirits().get(row.id());
    if (made == null) {
      anomalies.add(Kind.WITHOUT_RECORD, "no record makes spirit %s", row.id());
      return;
    }
    List<String> differences = Differences.between(row, made);
    if (!differences.isEmpty()) {
      anomalies.add(Kind.DIFFERS_FROM_LOG, "spirit %s: %s", row.id(), String.join("; ", differences));
    }
  }

  /** After the last row. */
  void finish() {
    model.spirits().forEach((id, made) -> {
      if (!stored.contains(id)) {
        anomalies.add(Kind.SKIPPED, "the record at %s makes spirit %s, and there is none", made.created(), id);
      }
    });
  }

  int rows() {
    return stored.size();
  }
}
