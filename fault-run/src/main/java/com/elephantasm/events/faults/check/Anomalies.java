package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects anomalies: all are counted, and of each kind the first few are kept. */
final class Anomalies {
  private static final int KEPT_OF_EACH = 20;

  private final Map<Anomaly.Kind, Long> counts = new EnumMap<>(Anomaly.Kind.class);
  private final List<Anomaly> kept = new ArrayList<>();

  void add(Anomaly.Kind kind, String sentence, Object... values) {
    // What it quotes may have line breaks.
    add(new Anomaly(kind, sentence.formatted(values).replace("\n", "\\n")));
  }

  void add(Anomaly anomaly) {
    if (counts.merge(anomaly.kind(), 1L, Long::sum) <= KEPT_OF_EACH) {
      kept.add(anomaly);
    }
  }

  Map<Anomaly.Kind, Long> counts() {
    return Map.copyOf(counts);
  }

  List<Anomaly> kept() {
    return List.copyOf(kept);
  }
}
