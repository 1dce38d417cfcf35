package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.SentEvent;
import com.elephantasm.events.faults.load.SentEvent.Expectation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the dead letters against the log: each record that the log's rules reject has one with that reason, there is none for
 * another record, and only what was sent to be rejected is.
 */
final class DeadLettersCheck {
  private final History history;
  private final Model model;
  private final Anomalies anomalies;
  private final Map<String, List<DeadLetter>> byValue = new HashMap<>();
  private long letters;

  DeadLettersCheck(History history, Model model, Anomalies anomalies) {
    this.history = history;
    this.model = model;
    this.anomalies = anomalies;
  }

  void accept(DeadLetter letter) {
    letters++;
    byValue.computeIfAbsent(text(letter.value()), _ -> new ArrayList<>()).add(letter);
    if (letter.waiting() && letter.agentId() != null && model.hasSpirit(letter.agentId())) {
      anomalies.add(Kind.WAITS_FOR_NOTHING, "%s waits for spirit %s, which is there", letter, letter.agentId());
    }
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  /** After the last letter. */
  void finish() {
    Set<DeadLetter> deserved = new HashSet<>();
    for (Model.Rejected rejected : model.rejected()) {
      List<DeadLetter> covering = lettersOf(rejected);
      if (covering.isEmpty()) {
        anomalies.add(Kind.WITHOUT_A_TRACE,
            "the record at %s is to be rejected as %s, and there is no such dead letter: %.300s",
            rejected.record().position(), rejected.reason(), rejected.record().json());
      }
      deserved.addAll(covering);
      if (!wasMeantToBe(rejected)) {
        anomalies.add(Kind.UNDESERVED_DEAD_LETTER, "the record at %s is rejected as %s, and was not sent to be: %.300s",
            rejected.record().position(), rejected.reason(), rejected.record().json());
      }
    }
    byValue.values().stream().flatMap(List::stream).filter(letter -> !deserved.contains(letter))
        .forEach(letter -> anomalies.add(Kind.UNDESERVED_DEAD_LETTER,
            "%s stands for no record that is to be rejected: %.300s", letter,
            new String(letter.value(), StandardCharsets.UTF_8)));
  }

  /** More than one where some senders asked for the outcome and some did not. */
  private List<DeadLetter> lettersOf(Model.Rejected rejected) {
    return byValue.getOrDefault(text(rejected.record().value()), List.of()).stream()
        .filter(letter -> letter.covers(rejected.record().position()) && letter.reason().equals(rejected.reason())
            && letter.waiting() == rejected.waiting())
        .toList();
  }

  private boolean wasMeantToBe(Model.Rejected rejected) {
    String content = rejected.record().text("content");
    SentEvent event = content == null ? null : history.event(SentEvent.numberIn(content));
    if (event == null) {
      return false;
    }
    return switch (rejected.reason()) {
      case "conflict" -> event.expectation() == Expectation.CONFLICT;
      case "unknown-spirit" -> event.expectation() == Expectation.UNKNOWN_SPIRIT || rejected.waiting();
      default -> false;
    };
  }

  long letters() {
    return letters;
  }
}
