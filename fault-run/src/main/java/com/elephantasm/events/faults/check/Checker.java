package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly;
import com.elephantasm.events.faults.load.Endpoints;
import com.elephantasm.events.faults.load.History;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Holds the log and the store against a history, when its load has stopped. Knows the contract and the layout of the tables, and
 * nothing of the writer's code.
 */
public final class Checker {
  private static final String TOPIC = "elephantasm.events";

  private final Endpoints endpoints;
  private final History history;

  public Checker(Endpoints endpoints, History history) {
    this.endpoints = endpoints;
    this.history = history;
  }

  /**
   * Waits until the store has caught up with the log, then reads both as a whole.
   *
   * @param patience how long to wait; a store that is behind then is an anomaly
   * @throws SQLException where the store cannot be read
   */
  public Report check(Duration patience) throws InterruptedException, SQLException {
    Anomalies anomalies = new Anomalies();
    history.anomalies().forEach(anomalies::add);
    LogReader log = new LogReader(endpoints.bootstrapServers(), TOPIC);
    String behind = new CatchUp(endpoints, TOPIC, log).await(patience);
    if (!behind.isEmpty()) {
      anomalies.add(Anomaly.Kind.STUCK, "the store is behind the log after %d s: %s", patience.toSeconds(), behind);
    }
    Rules rules = new Rules(TOPIC, history, anomalies);
    log.read(log.ends(), rules::record);
    rules.endOfLog();
    try (StoreReader store = StoreReader.open(endpoints, TOPIC)) {
      store.spirits(rules::spirit);
      store.events(rules::event);
      store.deadLetters(rules::deadLetter);
    }
    rules.endOfStore();
    return rules.report();
  }
}
