package com.elephantasm.events.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.LogPosition;
import com.elephantasm.events.faults.load.SentChange;
import com.elephantasm.events.faults.load.SentEvent;
import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import com.elephantasm.events.faults.load.Told;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule finds what breaks it, and nothing where nothing does. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RulesTest {
  private static final UUID OTHER = UUID.fromString("00000000-0000-8000-8000-000000000001");
  private static final LogPosition FAR_BEHIND = new LogPosition(0, 999);

  @TempDir
  Path folder;
  private Scene scene;

  @BeforeEach
  void begin() {
    scene = new Scene(folder);
  }

  @Test
  void a_store_that_keeps_every_promise_has_no_anomalies() {
    SentEvent event = scene.taken();
    scene.append(event);
    scene.change(event, 1);
    LogPosition deletion = scene.appendDeletion(event);
    Told.changed(scene.history, event, SentChange.Kind.DELETE, event.marker() + ".2.1", Told.at(deletion));
    SentEvent conflict = Told.conflict(scene.history, event);
    scene.append(conflict);
    Told.refused(scene.history, conflict);
    SentEvent unnamed = scene.sent(Naming.NOTHING);
    Told.acknowledged(scene.history, unnamed, null, scene.append(unnamed));
    Told.ambiguous(scene.history, scene.sent(Naming.DEDUPE_KEY));

    assertThat(scene.stored().anomalies()).isEmpty();
  }

  @Test
  void an_acknowledged_event_that_neither_log_nor_store_have_is_lost() {
    Told.acknowledged(scene.history, scene.sent(Naming.DEDUPE_KEY));
    assertThat(scene.stored().kinds()).containsExactly(Kind.LOST);
  }

  @Test
  void an_acknowledged_record_that_is_gone_from_the_log_is_missed_there() {
    SentEvent event = scene.taken();
    Told.acknowledged(scene.history, event, scene.idOf(event), FAR_BEHIND);
    assertThat(scene.stored().kinds()).containsExactly(Kind.NOT_IN_LOG);
  }

  @Test
  void an_acknowledged_record_whose_place_another_has_taken_is_missed_there() {
    SentEvent lost = scene.sent(Naming.DEDUPE_KEY);
    SentEvent other = scene.taken();
    Told.acknowledged(scene.history, lost, null, other.positions().iterator().next());
    assertThat(scene.stored().kinds()).containsExactlyInAnyOrder(Kind.NOT_IN_LOG, Kind.LOST);
  }

  @Test
  void a_record_that_the_writer_skipped_is_found() {
    SentEvent event = scene.taken();
    scene.stored().forget(event);
    assertThat(scene.kinds()).containsExactlyInAnyOrder(Kind.SKIPPED, Kind.LOST);
  }

  @Test
  void a_skipped_record_is_found_though_nobody_was_told_of_it() {
    SentEvent event = scene.sent(Naming.DEDUPE_KEY);
    Told.ambiguous(scene.history, event);
    scene.append(event);
    scene.stored().forget(event);
    assertThat(scene.kinds()).containsExactly(Kind.SKIPPED);
  }

  @Test
  void a_row_that_is_there_twice_is_found_without_any_index() {
    SentEvent event = scene.taken();
    scene.stored().events.add(scene.events.getFirst());
    assertThat(event.isAcknowledged()).isTrue();
    assertThat(scene.kinds()).containsExactlyInAnyOrder(Kind.STORED_TWICE, Kind.SAME_KEY_TWICE);
  }

  @Test
  void an_event_that_is_stored_under_two_ids_is_found() {
    scene.taken();
    scene.stored().events.add(withId(scene.events.getFirst(), OTHER, null));
    assertThat(scene.kinds()).contains(Kind.STORED_TWICE, Kind.WITHOUT_RECORD, Kind.ID_CHANGED);
  }

  @Test
  void two_events_with_one_key_are_found() {
    SentEvent first = scene.taken();
    SentEvent second = scene.taken();
    scene.stored();
    @Nullable
    String key = scene.events.stream().filter(row -> SentEvent.numberIn(row.content()) == first.number()).findFirst()
        .orElseThrow().dedupeKey();
    scene.spoil(second, row -> withId(row, row.id(), key));
    assertThat(scene.kinds()).contains(Kind.SAME_KEY_TWICE, Kind.DIFFERS_FROM_LOG, Kind.NOBODY_SENT);
  }

  @Test
  void a_row_and_a_record_that_nobody_sent_are_found() {
    scene.append("com.elephantasm.event.created.v1", """
        {"agent_id": "%s", "event_type": "system", "content": "who am I?"}""".formatted(Scene.AGENT));
    assertThat(scene.stored().kinds()).containsExactly(Kind.NOBODY_SENT);
    assertThat(scene.anomalies()).hasSize(2);
  }

  @Test
  void a_row_that_is_as_in_the_log_but_not_as_it_was_sent_is_found() {
    SentEvent event = scene.sent(Naming.DEDUPE_KEY);
    LogPosition at = scene.append("com.elephantasm.event.created.v1", event.sent().replace("user", "assistant"));
    Told.acknowledged(scene.history, event, scene.idOf(event), at);
    assertThat(scene.stored().kinds()).containsExactly(Kind.NOBODY_SENT);
  }

  @Test
  void a_row_that_no_record_makes_is_found() {
    SentEvent event = scene.taken();
    scene.stored();
    scene.log.removeLast();
    assertThat(event.isAcknowledged()).isTrue();
    assertThat(scene.kinds()).containsExactlyInAnyOrder(Kind.WITHOUT_RECORD, Kind.NOT_IN_LOG);
  }

  @Test
  void what_was_refused_for_certain_is_found_where_it_is_stored() {
    SentEvent event = scene.sent(Naming.DEDUPE_KEY);
    Told.refused(scene.history, event);
    scene.append(event);
    assertThat(scene.stored().kinds()).containsExactly(Kind.REFUSED_BUT_THERE);
  }

  @Test
  void what_was_refused_and_then_taken_is_no_anomaly() {
    SentEvent event = scene.sent(Naming.DEDUPE_KEY);
    Told.refused(scene.history, event);
    Told.ambiguous(scene.history, event);
    scene.append(event);
    assertThat(scene.stored().kinds()).isEmpty();
  }

  @Test
  void a_conflicting_event_that_changed_the_row_is_found() {
    SentEvent event = scene.taken();
    SentEvent conflict = Told.conflict(scene.history, event);
    Told.refused(scene.history, conflict);
    scene.append(conflict);
    scene.stored().spoil(event, row -> withContent(row, conflict.marker() + " otherwise"));
    assertThat(scene.kinds()).contains(Kind.REFUSED_BUT_THERE, Kind.DIFFERS_FROM_LOG, Kind.LOST);
  }

  @Test
  void an_invalid_event_is_found_in_the_log() {
    SentEvent event = Told.event(scene.history, Scene.AGENT, Naming.DEDUPE_KEY, Expectation.INVALID);
    Told.refused(scene.history, event);
    scene.append(event);
    assertThat(scene.stored().kinds()).containsExactly(Kind.REFUSED_BUT_THERE);
  }

  @Test
  void what_nothing_names_and_is_in_the_log_twice_is_found() {
    SentEvent event = scene.sent(Naming.NOTHING);
    Told.acknowledged(scene.history, event, null, scene.append(event));
    scene.append(event);
    assertThat(scene.stored().kinds()).containsExactlyInAnyOrder(Kind.PUBLISHED_TWICE, Kind.STORED_TWICE);
  }

  @Test
  void a_row_that_differs_from_the_log_in_any_field_is_found() {
    SentEvent event = scene.taken();
    scene.change(event, 1);
    scene.stored().spoil(event, row -> withSummary(row, "another"));
    assertThat(scene.kinds()).containsExactly(Kind.DIFFERS_FROM_LOG);
    assertThat(scene.anomalies().getFirst().sentence()).contains("metaSummary is another, must be m0.1.1");
  }

  @Test
  void a_row_that_an_older_change_moved_back_is_found() {
    SentEvent event = scene.taken();
    EventRow before = scene.stored().events.getFirst();
    scene.change(event, 1);
    assertThat(scene.events).containsExactly(before);
    assertThat(scene.kinds()).containsExactly(Kind.DIFFERS_FROM_LOG);
  }

  @Test
  void an_acknowledged_change_that_is_not_in_the_log_is_found() {
    SentEvent event = scene.taken();
    Told.changed(scene.history, event, SentChange.Kind.AMEND, "m0.1.1", Told.at(FAR_BEHIND));
    assertThat(scene.stored().kinds()).containsExactlyInAnyOrder(Kind.CHANGE_LOST, Kind.NOT_IN_LOG);
  }

  @Test
  void an_acknowledged_deletion_that_is_not_in_the_log_is_found() {
    SentEvent event = scene.taken();
    Told.changed(scene.history, event, SentChange.Kind.DELETE, "m0.1.1", Told.at(FAR_BEHIND));
    assertThat(scene.stored().kinds()).containsExactly(Kind.NOT_IN_LOG);
  }

  @Test
  void changes_in_another_order_than_they_were_acknowledged_in_are_found() {
    SentEvent event = scene.taken();
    LogPosition second = scene.appendChange(event, "m0.2.1");
    LogPosition first = scene.appendChange(event, "m0.1.1");
    Told.changed(scene.history, event, SentChange.Kind.AMEND, "m0.1.1", Told.at(first));
    Told.changed(scene.history, event, SentChange.Kind.AMEND, "m0.2.1", Told.at(second));
    assertThat(scene.stored().kinds()).containsExactly(Kind.CHANGE_LOST);
  }

  @Test
  void a_change_that_may_have_been_made_may_come_at_any_time_or_never() {
    SentEvent event = scene.taken();
    Told.changed(scene.history, event, SentChange.Kind.AMEND, "m0.1.1", Told.doubt());
    Told.changed(scene.history, event, SentChange.Kind.DELETE, "m0.2.1", Told.doubt());
    Told.changed(scene.history, event, SentChange.Kind.RESTORE, "m0.2.2", Told.doubt());
    scene.change(event, 3);
    scene.appendChange(event, "m0.1.1");
    scene.appendDeletion(event);
    assertThat(scene.stored().kinds()).isEmpty();
  }

  @Test
  void a_change_that_was_refused_is_found_in_the_log() {
    SentEvent event = scene.taken();
    Told.changed(scene.history, event, SentChange.Kind.AMEND, "m0.1.1", Told.refusal());
    scene.appendChange(event, "m0.1.1");
    assertThat(scene.stored().kinds()).containsExactly(Kind.REFUSED_BUT_THERE);
  }

  @Test
  void changes_and_deletions_that_nobody_sent_are_found() {
    SentEvent event = scene.taken();
    scene.appendChange(event, "m0.1.1");
    scene.appendDeletion(event);
    assertThat(scene.stored().kinds()).containsExactly(Kind.NOBODY_SENT);
    assertThat(scene.anomalies()).hasSize(3);
  }

  @Test
  void a_change_that_is_in_the_log_twice_is_found() {
    SentEvent event = scene.taken();
    scene.change(event, 1);
    scene.appendChange(event, "m0.1.1");
    assertThat(scene.stored().kinds()).containsExactly(Kind.PUBLISHED_TWICE);
  }

  @Test
  void a_changed_id_is_found_by_answers_and_in_the_store() {
    SentEvent event = scene.taken();
    Told.acknowledged(scene.history, event, OTHER, event.positions().iterator().next());
    SentEvent another = scene.sent(Naming.DEDUPE_KEY);
    Told.acknowledged(scene.history, another, OTHER, scene.append(another));
    assertThat(scene.stored().kinds()).containsExactly(Kind.ID_CHANGED);
    assertThat(scene.anomalies()).hasSize(2);
  }

  @Test
  void what_a_reader_saw_and_is_not_there_any_more_is_found() {
    SentEvent event = scene.sent(Naming.DEDUPE_KEY);
    Told.ambiguous(scene.history, event);
    Told.seen(event);
    assertThat(scene.stored().kinds()).containsExactly(Kind.SEEN_AND_GONE);
  }

  @Test
  void a_record_without_row_or_dead_letter_is_found() {
    SentEvent event = scene.taken();
    SentEvent conflict = Told.conflict(scene.history, event);
    Told.refused(scene.history, conflict);
    scene.append(conflict);
    scene.stored().letters.clear();
    assertThat(scene.kinds()).containsExactly(Kind.WITHOUT_A_TRACE);
  }

  @Test
  void a_dead_letter_with_another_reason_is_found() {
    SentEvent event = scene.taken();
    scene.append(Told.conflict(scene.history, event));
    scene.stored().letters.replaceAll(letter -> new DeadLetter(letter.partition(), letter.firstOffset(),
        letter.lastOffset(), "refused", letter.waiting(), letter.agentId(), letter.value()));
    assertThat(scene.kinds()).containsExactlyInAnyOrder(Kind.WITHOUT_A_TRACE, Kind.UNDESERVED_DEAD_LETTER);
  }

  @Test
  void a_dead_letter_of_an_event_that_is_stored_is_found() {
    SentEvent event = scene.taken();
    scene.stored().letters.add(new DeadLetter(0, 1, 1, "refused", false, Scene.AGENT, scene.log.get(1).value()));
    assertThat(event.isAcknowledged()).isTrue();
    assertThat(scene.kinds()).containsExactly(Kind.UNDESERVED_DEAD_LETTER);
  }

  @Test
  void a_record_that_is_rejected_though_it_was_sent_to_be_stored_is_found() {
    SentEvent event = scene.sent(Naming.DEDUPE_KEY);
    Told.ambiguous(scene.history, event);
    scene.append("com.elephantasm.event.created.v1", event.sent().replace("event_type", "event_sort"));
    assertThat(scene.stored().kinds()).containsExactly(Kind.UNDESERVED_DEAD_LETTER);
  }

  @Test
  void events_that_came_before_their_spirit_are_expected_when_it_is_there() {
    UUID late = UUID.fromString("4ed77144-2596-5006-899e-000000000002");
    SentEvent event = Told.event(scene.history, late, Naming.DEDUPE_KEY, Expectation.STORED);
    LogPosition at = scene.append(event);
    Told.acknowledged(scene.history, event, null, at);
    LogPosition spirit = scene.createSpirit(late);
    Told.spirit(scene.history, late, Told.at(spirit));
    assertThat(scene.stored().kinds()).isEmpty();

    scene.forget(event);
    scene.letters.add(new DeadLetter(0, at.offset(), at.offset(), "unknown-spirit", true, late,
        scene.log.get((int) at.offset()).value()));
    assertThat(scene.kinds()).containsExactlyInAnyOrder(Kind.SKIPPED, Kind.LOST, Kind.WAITS_FOR_NOTHING,
        Kind.UNDESERVED_DEAD_LETTER);
  }

  @Test
  void events_whose_spirit_never_came_wait_in_the_dead_letters() {
    UUID never = UUID.fromString("4ed77144-2596-5006-899e-000000000003");
    SentEvent event = Told.event(scene.history, never, Naming.DEDUPE_KEY, Expectation.STORED);
    Told.acknowledged(scene.history, event, null, scene.append(event));
    assertThat(scene.stored().kinds()).isEmpty();

    scene.letters.clear();
    assertThat(scene.kinds()).containsExactly(Kind.WITHOUT_A_TRACE);
  }

  @Test
  void a_spirit_that_differs_is_missing_or_was_made_up_is_found() {
    scene.stored();
    SpiritRow right = scene.spirits.getFirst();
    scene.spirits.set(0, new SpiritRow(right.id(), "Eve", right.description(), right.metadata(), right.createdAt(),
        right.updatedAt(), right.isDeleted(), right.created(), right.changed()));
    assertThat(scene.kinds()).containsExactly(Kind.DIFFERS_FROM_LOG);

    scene.spirits.clear();
    assertThat(scene.kinds()).containsExactly(Kind.SKIPPED);

    scene.spirits.add(new SpiritRow(OTHER, "Ada", null, "{}", right.createdAt(), right.updatedAt(), false,
        right.created(), right.changed()));
    assertThat(scene.kinds()).containsExactlyInAnyOrder(Kind.SKIPPED, Kind.WITHOUT_RECORD);
  }

  private static EventRow withId(EventRow row, UUID id, @Nullable String key) {
    return new EventRow(id, row.agentId(), row.eventType(), row.content(), row.metaSummary(), row.role(), row.author(),
        row.occurredAt(), row.sessionId(), row.metadata(), row.sourceUri(), key, row.importanceScore(),
        row.createdAt(), row.updatedAt(), row.isDeleted(), row.created(), row.changed());
  }

  private static EventRow withContent(EventRow row, String content) {
    return new EventRow(row.id(), row.agentId(), row.eventType(), content, row.metaSummary(), row.role(), row.author(),
        row.occurredAt(), row.sessionId(), row.metadata(), row.sourceUri(), row.dedupeKey(), row.importanceScore(),
        row.createdAt(), row.updatedAt(), row.isDeleted(), row.created(), row.changed());
  }

  private static EventRow withSummary(EventRow row, String summary) {
    return new EventRow(row.id(), row.agentId(), row.eventType(), row.content(), summary, row.role(), row.author(),
        row.occurredAt(), row.sessionId(), row.metadata(), row.sourceUri(), row.dedupeKey(), row.importanceScore(),
        row.createdAt(), row.updatedAt(), row.isDeleted(), row.created(), row.changed());
  }
}
