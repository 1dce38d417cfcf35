package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.History;
import java.util.LinkedHashMap;
import java.util.Map;

/** All rules together, fed with the log first, then with the store. */
final class Rules {
  private final History history;
  private final Anomalies anomalies;
  private final Model model;
  private final LogCheck log;
  private final SpiritsCheck spirits;
  private final EventsCheck events;
  private final DeadLettersCheck deadLetters;

  Rules(String topic, History history, Anomalies anomalies) {
    this.history = history;
    this.anomalies = anomalies;
    model = new Model(topic);
    log = new LogCheck(history, model, anomalies);
    spirits = new SpiritsCheck(model, anomalies);
    events = new EventsCheck(history, model, anomalies);
    deadLetters = new DeadLettersCheck(history, model, anomalies);
  }

  void record(LogRecord record) {
    model.apply(record);
    log.accept(record);
  }

  void endOfLog() {
    log.finish();
  }

  void spirit(SpiritRow row) {
    spirits.accept(row);
  }

  void event(EventRow row) {
    events.accept(row);
  }

  void deadLetter(DeadLetter letter) {
    deadLetters.accept(letter);
  }

  void endOfStore() {
    spirits.finish();
    events.finish();
    deadLetters.finish();
  }

  Report report() {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("records in the log", log.records());
    figures.put("events stored", events.rows());
    figures.put("duplicates collapsed", model.duplicates());
    figures.put("dead letters", deadLetters.letters());
    figures.put("spirits", (long) spirits.rows());
    return new Report(anomalies.kept(), anomalies.counts(), history.progress(), figures);
  }
}
