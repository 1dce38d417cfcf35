package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Anomaly;
import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.History;
import com.elephantasm.events.faults.load.LogPosition;
import com.elephantasm.events.faults.load.SentChange;
import com.elephantasm.events.faults.load.SentEvent;
import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import com.elephantasm.events.faults.load.Told;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A small log, the store that it makes, and a history that fits; each test then spoils one of the three. */
final class Scene {
  static final UUID AGENT = UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e");
  private static final String TOPIC = "elephantasm.events";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final History history;
  final List<LogRecord> log = new ArrayList<>();
  final List<EventRow> events = new ArrayList<>();
  final List<SpiritRow> spirits = new ArrayList<>();
  final List<DeadLetter> letters = new ArrayList<>();

  Scene(Path folder) {
    history = History.open(folder.resolve("history.txt"));
    LogPosition at = createSpirit(AGENT);
    Told.spirit(history, AGENT, Told.at(at));
  }

  /** The spirit is in the log, whatever its sender knows. */
  LogPosition createSpirit(UUID id) {
    return append("com.elephantasm.spirit.created.v1", """
        {"id": "%s", "name": "Ada", "description": "s%d.0.1"}""".formatted(id, id.equals(AGENT) ? 0 : 1));
  }

  /** An event that was sent; nobody was told anything. */
  SentEvent sent(Naming naming) {
    return Told.event(history, AGENT, naming, Expectation.STORED);
  }

  /** An event as it should go: in the log, and acknowledged where it stands. */
  SentEvent taken() {
    SentEvent event = sent(Naming.DEDUPE_KEY);
    LogPosition at = append(event);
    Told.acknowledged(history, event, idOf(event), at);
    return event;
  }

  LogPosition append(SentEvent event) {
    return append("com.elephantasm.event.created.v1", event.sent());
  }

  LogPosition append(String type, String value) {
    LogPosition position = new LogPosition(0, log.size());
    log.add(LogRecord.of(position, START.plusSeconds(log.size()), Map.of("ce_type", type),
        value.getBytes(StandardCharsets.UTF_8)));
    return position;
  }

  /** A record that changes the event, and says which change it is. */
  LogPosition appendChange(SentEvent event, String mark) {
    return append("com.elephantasm.event.amended.v1", """
        {"id": "%s", "agent_id": "%s", "meta_summary": "%s"}""".formatted(idOf(event), AGENT, mark));
  }

  LogPosition appendDeletion(SentEvent event) {
    return append("com.elephantasm.event.amended.v1", """
        {"id": "%s", "agent_id": "%s", "is_deleted": true}""".formatted(idOf(event), AGENT));
  }

  /** An acknowledged change as it should go. */
  LogPosition change(SentEvent event, int number) {
    String mark = event.marker() + "." + number + ".1";
    LogPosition at = appendChange(event, mark);
    Told.changed(history, event, SentChange.Kind.AMEND, mark, Told.at(at));
    return at;
  }

  UUID idOf(SentEvent event) {
    return model().events().stream().filter(row -> SentEvent.numberIn(row.content()) == event.number()).findFirst()
        .orElseThrow().id();
  }

  private Model model() {
    Model model = new Model(TOPIC);
    log.forEach(model::apply);
    return model;
  }

  /** Makes the store what the log says; the last thing before it is spoiled. */
  Scene stored() {
    Model model = model();
    events.addAll(model.events());
    spirits.addAll(model.spirits().values());
    for (Model.Rejected rejected : model.rejected()) {
      LogPosition at = rejected.record().position();
      String agent = rejected.record().text("agent_id");
      letters.add(new DeadLetter(at.partition(), at.offset(), at.offset(), rejected.reason(), rejected.waiting(),
          agent == null ? null : UUID.fromString(agent), rejected.record().value()));
    }
    return this;
  }

  void spoil(SentEvent event, UnaryOperator<EventRow> damage) {
    events.replaceAll(row -> SentEvent.numberIn(row.content()) == event.number() ? damage.apply(row) : row);
  }

  void forget(SentEvent event) {
    events.removeIf(row -> SentEvent.numberIn(row.content()) == event.number());
  }

  List<Anomaly> anomalies() {
    Anomalies anomalies = new Anomalies();
    history.anomalies().forEach(anomalies::add);
    Rules rules = new Rules(TOPIC, history, anomalies);
    log.forEach(rules::record);
    rules.endOfLog();
    spirits.forEach(rules::spirit);
    events.forEach(rules::event);
    letters.forEach(rules::deadLetter);
    rules.endOfStore();
    return rules.report().anomalies();
  }

  Set<Kind> kinds() {
    return Set.copyOf(anomalies().stream().map(Anomaly::kind).toList());
  }
}
