package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Applies a batch within one transaction, as if its records came one by one. Spirits are looked up once, then the records are
 * walked in their order in memory, and what they amount to is written with one statement per kind: the number of statements
 * does not depend on the size of the batch.
 *
 * <p>Whether a record takes effect depends on nothing but the rows and where the record stands in the log, never on how the
 * records were cut into batches.
 */
final class Batch {
  /** Who asked and is answered with an event as it stands in the end. */
  private record AnswerWithEvent(LogEntry entry, EventId event, Function<Event, Outcome> outcome) {}

  private record Staged<C extends Change>(LogEntry entry, C change) {}

  /**
   * How a batch is applied, beside what it comes to.
   *
   * @param answered of which records the outcome is wanted
   * @param noted which rejected records become dead letters; of the others nothing stays
   * @param lettersAhead whether a record that comes for the first time may have a dead letter
   * @param fates is told what became of each record, and once more where that has changed
   */
  record Manner(Predicate<LogEntry> answered, Predicate<LogEntry> noted, boolean lettersAhead,
      BatchFates fates) {
    /** As the live writer does. */
    static Manner live(BatchFates fates) {
      return new Manner(LogEntry::outcomeAsked, _ -> true, false, fates);
    }

    private boolean answers(LogEntry entry) {
      return answered.test(entry);
    }

    private boolean notes(LogEntry entry) {
      return noted.test(entry);
    }
  }

  private final SpiritRows spiritRows;
  private final EventRows eventRows;
  private final EventInsert newEvents;
  private final DeadLetters deadLetters;
  private final LateEvents late;
  private final Savepoints savepoints;
  private final int waitingAtOnce;
  private final Manner manner;

  private final Map<SpiritId, SpiritRow> spirits = new HashMap<>();
  private final Set<SpiritId> changedSpirits = new TreeSet<>();
  /** Spirits that records in the store wait for. */
  private final Set<SpiritId> awaited = new HashSet<>();
  private final Map<EventId, List<Staged<Change.EventCreated>>> created = new LinkedHashMap<>();
  private final List<Staged<Change.EventAmended>> amended = new ArrayList<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private final List<AnswerWithEvent> toAnswer = new ArrayList<>();
  /** What was taken from the dead letters, by where it stands. */
  private final Map<Position, Rejection> waited = new HashMap<>();
  private final List<Settled> settled = new ArrayList<>();

  Batch(SpiritRows spiritRows, EventRows eventRows, EventInsert newEvents, DeadLetters deadLetters,
      LateEvents late, Savepoints savepoints, int waitingAtOnce, Manner manner) {
    this.waitingAtOnce = waitingAtOnce;
    this.manner = manner;
    this.spiritRows = spiritRows;
    this.eventRows = eventRows;
    this.newEvents = newEvents;
    this.deadLetters = deadLetters;
    this.late = late;
    this.savepoints = savepoints;
  }

  /** Returns the outcomes for those who asked. */
  List<Settled> apply(Collection<LogEntry> entries) {
    List<LogEntry> fresh = withoutRejectedBefore(entries);
    findSpirits(fresh);
    for (LogEntry entry : fresh) {
      stage(entry);
    }
    flush();
    return settled;
  }

  /**
   * A record that was rejected stays so when it comes again: its sender was told, and only a redrive applies it. What comes for
   * the first time is not looked for, normally.
   */
  private List<LogEntry> withoutRejectedBefore(Collection<LogEntry> entries) {
    List<LogEntry> again = entries.stream()
        .filter(entry -> manner.lettersAhead() || late.isBehind(entry.position())).toList();
    Map<Position, DeadLetters.Covering> letters = again.isEmpty() ? Map.of() : deadLetters.covering(again);
    if (letters.isEmpty()) {
      return List.copyOf(entries);
    }
    List<LogEntry> fresh = new ArrayList<>();
    for (LogEntry entry : entries) {
      DeadLetters.Covering letter = letters.get(entry.position());
      if (letter == null) {
        fresh.add(entry);
      } else {
        rejected(entry, letter.reason());
        answer(entry, Outcomes.rejected(entry, letter.reason(), letter.detail()));
      }
    }
    return fresh;
  }

  private void findSpirits(List<LogEntry> entries) {
    Set<SpiritId> mentioned = new TreeSet<>();
    Set<SpiritId> toChange = new TreeSet<>();
    for (LogEntry entry : entries) {
      if (entry.content() instanceof DecodedChange.Readable(Change change)) {
        boolean ofSpirit = change instanceof Change.SpiritCreated || change instanceof Change.SpiritAmended;
        (ofSpirit ? toChange : mentioned).add(change.spiritId());
      }
    }
    mentioned.removeAll(toChange);
    find(mentioned, spiritRows::find);
    find(toChange, spiritRows::lock);
    mentioned.addAll(toChange);
    mentioned.removeAll(spirits.keySet());
    if (!mentioned.isEmpty()) {
      spiritRows.holdPlaces(mentioned);
      find(mentioned, spiritRows::lock);
      awaited.addAll(deadLetters.awaited(mentioned));
    }
  }

  private void find(Set<SpiritId> ids, Function<Set<SpiritId>, List<SpiritRow>> finder) {
    if (!ids.isEmpty()) {
      finder.apply(ids).forEach(row -> spirits.put(row.spirit().id(), row));
    }
  }

  private void stage(LogEntry entry) {
    switch (entry.content()) {
      case DecodedChange.Unreadable(RejectionReason reason, String detail) -> reject(entry, reason, detail);
      case DecodedChange.Readable(Change.SpiritCreated change) -> createSpirit(entry, change);
      case DecodedChange.Readable(Change.SpiritAmended change) -> amendSpirit(entry, change);
      case DecodedChange.Readable(Change.EventCreated change) -> createEvent(entry, change);
      case DecodedChange.Readable(Change.EventAmended change) -> amendEvent(entry, change);
    }
  }

  private void createSpirit(LogEntry entry, Change.SpiritCreated change) {
    SpiritRow row = spirits.get(change.spiritId());
    Version version = Version.of(entry);
    if (row == null) {
      Spirit spirit = Spirit.created(change.spiritId(), change.spirit(), version.at());
      put(new SpiritRow(spirit, entry.position(), entry.position()));
      fate(entry, Fate.STORED);
      answer(entry, new Outcome.SpiritStored(spirit));
      stageWaiting(change.spiritId());
    } else if (row.created().equals(entry.position())) {
      fate(entry, Fate.DUPLICATE);
      answer(entry, new Outcome.SpiritStored(row.spirit()));
    } else {
      boolean changes = row.version().isOlderThan(version) && !row.spirit().isAlready(change.spirit());
      changeSpirit(entry, row, changes ? row.spirit().replaced(change.spirit(), version.at()) : row.spirit());
    }
  }

  private void amendSpirit(LogEntry entry, Change.SpiritAmended change) {
    SpiritRow row = spirits.get(change.spiritId());
    Version version = Version.of(entry);
    if (row == null) {
      reject(entry, RejectionReason.UNKNOWN_SPIRIT, "there is no spirit " + change.spiritId());
    } else {
      boolean changes = row.version().isOlderThan(version);
      changeSpirit(entry, row, changes ? row.spirit().amended(change.amendment(), version.at()) : row.spirit());
    }
  }

  private void changeSpirit(LogEntry entry, SpiritRow row, Spirit changed) {
    if (changed != row.spirit()) {
      put(new SpiritRow(changed, row.created(), entry.position()));
    }
    fate(entry, changed == row.spirit() ? Fate.SKIPPED : Fate.AMENDED);
    answer(entry, new Outcome.SpiritAmended(changed));
  }

  private void put(SpiritRow row) {
    spirits.put(row.spirit().id(), row);
    changedSpirits.add(row.spirit().id());
  }

  /** What came before its spirit is applied as soon as the spirit is there, before anything later in the log. */
  private void stageWaiting(SpiritId spirit) {
    if (rejections.stream().anyMatch(rejection -> rejection.isRedriveFor(spirit))) {
      // It may count on a letter that waits, which is taken with all that it stands for.
      flush();
    }
    List<LogEntry> ofThisBatch = takeWaiting(spirit);
    if (awaited.contains(spirit)) {
      applyWaitingInStore(spirit);
    }
    ofThisBatch.forEach(this::stage);
  }

  private List<LogEntry> takeWaiting(SpiritId spirit) {
    List<Rejection> waiting = rejections.stream().filter(rejection -> rejection.isWaitingFor(spirit)).toList();
    rejections.removeAll(waiting);
    return waiting.stream().map(Rejection::entry).toList();
  }

  private void applyWaitingInStore(SpiritId spirit) {
    // So that whatever is refused from here on is something that waited.
    flush();
    Position last = Position.BEFORE_ALL;
    List<Rejection> waiting;
    do {
      waiting = deadLetters.takeWaiting(spirit, last, waitingAtOnce);
      if (!waiting.isEmpty()) {
        applyWaiting(waiting);
        last = waiting.getLast().entry().position();
      }
    } while (waiting.size() == waitingAtOnce);
    awaited.remove(spirit);
  }

  /** By halving, so that what cannot be applied is put aside, and not the record that brings the spirit. */
  private void applyWaiting(List<Rejection> waiting) {
    int lateBefore = late.count();
    try {
      savepoints.run(() -> {
        waiting.forEach(this::stageWaited);
        flush();
      });
    } catch (RecordFailureException e) {
      late.forgetAfter(lateBefore);
      clear();
      int middle = waiting.size() / 2;
      if (middle == 0) {
        Rejection refused = waiting.getFirst().refused(e.detail());
        deadLetters.add(List.of(refused));
        manner.fates().is(refused.entry(), Fate.REJECTED, refused.reason(), refused.occurrences());
      } else {
        applyWaiting(waiting.subList(0, middle));
        applyWaiting(waiting.subList(middle, waiting.size()));
      }
    }
  }

  private void stageWaited(Rejection rejection) {
    waited.put(rejection.entry().position(), rejection);
    stage(rejection.entry());
  }

  private void createEvent(LogEntry entry, Change.EventCreated change) {
    if (hasSpirit(entry, change)) {
      created.computeIfAbsent(change.id(), _ -> new ArrayList<>(1)).add(new Staged<>(entry, change));
    }
  }

  private void amendEvent(LogEntry entry, Change.EventAmended change) {
    if (spirits.containsKey(change.spiritId())) {
      amended.add(new Staged<>(entry, change));
    } else {
      awaitSpirit(entry, change);
    }
  }

  private boolean hasSpirit(LogEntry entry, Change.EventCreated change) {
    SpiritRow row = spirits.get(change.spiritId());
    if (row == null) {
      awaitSpirit(entry, change);
      return false;
    }
    // Deleted before, that is: an event of the spirit's lifetime is stored whenever it is replayed.
    if (row.spirit().isDeleted() && row.version().isOlderThan(Version.of(entry))) {
      reject(Rejection.deleted(entry, "spirit %s is deleted".formatted(change.spiritId()), row.changed().offset()));
      return false;
    }
    return true;
  }

  /** Whoever asked is told that there is no such spirit, so nothing may happen to the record later. */
  private void awaitSpirit(LogEntry entry, Change change) {
    String detail = "there is no spirit " + change.spiritId();
    if (entry.outcomeAsked()) {
      reject(entry, RejectionReason.UNKNOWN_SPIRIT, detail);
    } else {
      rejections.add(Rejection.waiting(entry, detail));
      rejected(entry, RejectionReason.UNKNOWN_SPIRIT);
    }
  }

  private void flush() {
    if (!changedSpirits.isEmpty()) {
      spiritRows.save(changedSpirits.stream().map(spirits::get).toList());
    }
    if (!created.isEmpty()) {
      insertEvents();
    }
    if (!amended.isEmpty()) {
      amendEvents();
    }
    if (!toAnswer.isEmpty()) {
      answerWithEvents();
    }
    // What was taken from the dead letters goes back there, whatever the manner.
    List<Rejection> noted = rejections.stream().filter(rejection -> isNoted(rejection.entry())).toList();
    if (!noted.isEmpty()) {
      deadLetters.add(noted);
      noted.forEach(rejection -> rejection.awaitedSpirit().ifPresent(awaited::add));
    }
    clear();
  }

  private boolean isNoted(LogEntry entry) {
    return waited.containsKey(entry.position()) || manner.notes(entry);
  }

  private void clear() {
    changedSpirits.clear();
    created.clear();
    amended.clear();
    toAnswer.clear();
    waited.clear();
    rejections.clear();
  }

  private void insertEvents() {
    List<EventRow> rows = created.values().stream().map(List::getFirst).map(Batch::row).toList();
    Set<UUID> inserted = newEvents.insert(rows);
    rows.stream().filter(row -> inserted.contains(row.event().id().value())).forEach(late::addIfLate);
    List<EventId> compared = created.entrySet().stream()
        .filter(event -> event.getValue().size() > 1 || !inserted.contains(event.getKey().value()))
        .map(Map.Entry::getKey).toList();
    Map<EventId, EventState> stored = compared.isEmpty() ? Map.of() : byId(eventRows.find(compared));
    created.forEach((id, staged) -> staged.forEach(event -> settle(event, stored.get(id), inserted)));
  }

  private static EventRow row(Staged<Change.EventCreated> staged) {
    Change.EventCreated change = staged.change();
    return new EventRow(change.stored(staged.entry().record().timestamp()), change.event().payloadDigest(),
        staged.entry().position());
  }

  private void settle(Staged<Change.EventCreated> staged, @Nullable EventState stored, Set<UUID> inserted) {
    LogEntry entry = staged.entry();
    Change.EventCreated change = staged.change();
    if (stored == null && inserted.contains(change.id().value())) {
      fate(entry, Fate.STORED);
      answer(entry, new Outcome.EventStored(change.stored(entry.record().timestamp())));
    } else if (stored == null) {
      reject(entry, RejectionReason.CONFLICT, "its dedupe key belongs to an event with another id");
    } else if (stored.created().equals(entry.position())) {
      fate(entry, inserted.contains(change.id().value()) ? Fate.STORED : Fate.DUPLICATE);
      answerWith(entry, change.id(), Outcome.EventStored::new);
    } else if (stored.hasPayloadOf(change.event())) {
      fate(entry, Fate.DUPLICATE);
      answerWith(entry, change.id(), Outcome.EventDuplicate::new);
    } else {
      reject(entry, RejectionReason.CONFLICT,
          "event %s has the same identity and another payload".formatted(change.id()));
    }
  }

  private void amendEvents() {
    Set<EventId> ids = amended.stream().map(staged -> staged.change().eventId()).collect(Collectors.toSet());
    Map<EventId, EventState> states = byId(eventRows.lock(ids));
    Map<EventId, EventState> changed = new LinkedHashMap<>();
    for (Staged<Change.EventAmended> staged : amended) {
      EventState state = states.get(staged.change().eventId());
      Version version = Version.of(staged.entry());
      if (state == null || !isAbout(staged, state)) {
        reject(staged.entry(), RejectionReason.UNKNOWN_EVENT, "there is no event " + staged.change().eventId());
        continue;
      }
      boolean changes = state.version().isOlderThan(version);
      fate(staged.entry(), changes ? Fate.AMENDED : Fate.SKIPPED);
      if (changes) {
        EventState after = state.amended(staged.change().amendment(), version);
        states.put(after.id(), after);
        changed.put(after.id(), after);
      }
      answerWith(staged.entry(), state.id(), Outcome.EventAmended::new);
    }
    if (!changed.isEmpty()) {
      eventRows.update(changed.values());
    }
  }

  /** Not one of another spirit, and not one that came later in the log than the amendment. */
  private static boolean isAbout(Staged<Change.EventAmended> staged, EventState state) {
    return state.agentId().equals(staged.change().spiritId())
        && !staged.entry().position().isInSamePartitionAndBefore(state.created());
  }

  private static Map<EventId, EventState> byId(List<EventState> states) {
    return states.stream().collect(Collectors.toMap(EventState::id, Function.identity()));
  }

  private void answerWithEvents() {
    Set<EventId> ids = toAnswer.stream().map(AnswerWithEvent::event).collect(Collectors.toSet());
    Map<EventId, Event> events = eventRows.read(ids).stream().collect(Collectors.toMap(Event::id, Function.identity()));
    for (AnswerWithEvent answer : toAnswer) {
      Event event = events.get(answer.event());
      if (event != null) {
        answer(answer.entry(), answer.outcome().apply(event));
      }
    }
  }

  private void answerWith(LogEntry entry, EventId event, Function<Event, Outcome> outcome) {
    if (manner.answers(entry)) {
      toAnswer.add(new AnswerWithEvent(entry, event, outcome));
    }
  }

  private void answer(LogEntry entry, Outcome outcome) {
    if (manner.answers(entry)) {
      settled.add(new Settled(entry, outcome));
    }
  }

  private void reject(LogEntry entry, RejectionReason reason, String detail) {
    reject(Rejection.of(entry, reason, detail));
  }

  private void reject(Rejection rejection) {
    LogEntry entry = rejection.entry();
    Rejection before = waited.get(entry.position());
    rejections.add(before == null ? rejection : rejection.after(before));
    rejected(entry, rejection.reason());
    answer(entry, Outcomes.rejected(entry, rejection.reason(), rejection.detail()));
  }

  private void fate(LogEntry entry, Fate fate) {
    fate(entry, fate, null);
  }

  private void rejected(LogEntry entry, RejectionReason reason) {
    fate(entry, Fate.REJECTED, reason);
  }

  private void fate(LogEntry entry, Fate fate, @Nullable RejectionReason reason) {
    Rejection before = waited.get(entry.position());
    manner.fates().is(entry, fate, reason, before == null ? 1 : before.occurrences());
  }
}
