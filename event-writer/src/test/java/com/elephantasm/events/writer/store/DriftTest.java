package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.TestLog.event;
import static com.elephantasm.events.writer.store.TestLog.importance;
import static com.elephantasm.events.writer.store.TestLog.spirit;
import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.store.Drift.Difference;
import com.elephantasm.events.writer.store.Drift.Scope;
import com.elephantasm.events.writer.store.Repair.Repaired;
import com.elephantasm.events.writer.store.Repair.ToWrite;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens between the steps of a verification, in an order that a whole run leaves to chance. */
class DriftTest extends StoreTest {
  private final TestLog otherLog = new TestLog(partitions);
  private final String schema = "verify_" + UUID.randomUUID().toString().replace("-", "");
  private final Expectation expectation = Expectation.open(DATA_SOURCE, DATA_SOURCE, schema, 2);
  private final Drift drift = new Drift(expectation);
  private final Repair repair = new Repair(DATA_SOURCE, expectation);

  {
    expectation.begin();
  }

  @AfterEach
  void close() {
    expectation.close();
    Expectation.drop(DATA_SOURCE, schema);
  }

  private void fold(LogEntry... entries) {
    expectation.fold(List.of(entries), (_, _) -> {});
  }

  private void find(long from, long upto) {
    drift.find(List.of(new Scope(log.partition(), from, upto)), null);
  }

  private List<Difference> found() {
    List<Difference> found = new ArrayList<>();
    Drift.KINDS.forEach(kind -> found.addAll(drift.first(kind, 100)));
    return found;
  }

  /** Each row in a transaction of its own. */
  private Repaired repair(LogEntry... records) {
    repair.deleteUnexpected(() -> {});
    repair.writeSpirits(() -> {});
    List<ToWrite> rows = repair.nextToWrite(Repair.beforeAll());
    while (!rows.isEmpty()) {
      ToWrite row = rows.getFirst();
      repair.writeEvents(List.of(row), List.of(records));
      rows = repair.nextToWrite(row);
    }
    return repair.repaired();
  }

  private void update(String sql, Object... values) {
    assertThat(jdbc.sql(sql).params(values).update()).isPositive();
  }

  @Test
  void an_event_whose_spirit_arrives_while_it_is_compared_is_no_stranger() {
    LogEntry waits = log.append(event(spirit, "k", "waits"));
    apply(waits);
    fold(waits);
    apply(otherLog.append(spirit(spirit, "Ada")));

    find(0, 1);

    assertThat(found()).isEmpty();
    repair(waits);
    assertThat(events()).hasSize(1);
  }

  @Test
  void what_follows_an_event_that_waited_raises_no_alarm_where_it_is_read_after_the_event_was_stored() {
    Change.EventCreated event = event(spirit, "k", "waits");
    LogEntry waits = log.append(event);
    LogEntry change = log.append(importance(spirit, event.id(), 0.5));
    LogEntry again = log.append(event);
    apply(waits, change, again);
    fold(waits);
    apply(otherLog.append(spirit(spirit, "Ada")));
    fold(change);
    fold(again);

    find(0, 3);

    assertThat(found()).isEmpty();
    assertThat(drift.unaccounted()).isZero();
  }

  @Test
  void what_was_repaired_by_an_earlier_run_counts_and_is_told_as_it_was_found() {
    LogEntry[] read = {log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "one")),
        log.append(event(spirit, "l", "two"))};
    apply(read);
    fold(read);
    update("UPDATE events SET content = 'x' WHERE agent_id = ?", spirit.value());
    find(0, 3);
    String report = drift.keep(() -> found().toString());
    repair.writeEvents(List.of(repair.nextToWrite(Repair.beforeAll()).getFirst()), List.of(read));

    try (Expectation reopened = Expectation.open(DATA_SOURCE, DATA_SOURCE, schema, 2)) {
      Drift later = new Drift(reopened);
      assertThat(reopened.isNew()).isFalse();
      assertThat(later.isFound()).isTrue();
      assertThat(later.keep(() -> "another")).isEqualTo(report);
      Repair rest = new Repair(DATA_SOURCE, reopened);
      List<ToWrite> left = rest.nextToWrite(Repair.beforeAll());
      assertThat(left).hasSize(1);
      rest.writeEvents(left, List.of(read));
      assertThat(rest.repaired()).isEqualTo(new Repaired(2, 0, 0));
      assertThat(later.counts()).containsEntry(Drift.DIFFERING, 2L);
    }
  }

  @Test
  void a_row_with_the_id_of_an_event_that_still_waits_is_a_stranger() {
    LogEntry known = log.append(spirit(spirit, "Ada"));
    LogEntry template = log.append(event(spirit, "k", "hello"));
    Change.EventCreated waiting = event(new SpiritId(UUID.randomUUID()), "k", "waits");
    LogEntry waits = log.append(waiting);
    apply(known, template, waits);
    fold(known, template, waits);
    update("""
        INSERT INTO events SELECT ?, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id,
          metadata, source_uri, 'stranger', importance_score, created_at, updated_at, is_deleted, payload_digest,
          created_partition, 2, changed_partition, 2
        FROM events WHERE agent_id = ?
        """, waiting.id().value(), spirit.value());

    find(0, 3);

    assertThat(found()).extracting(Difference::kind).containsExactly(Drift.UNEXPECTED);
  }

  @Test
  void a_change_that_is_newer_than_the_comparison_outlives_the_repair() {
    Change.EventCreated event = event(spirit, "k", "hello");
    LogEntry[] read = {log.append(spirit(spirit, "Ada")), log.append(event)};
    apply(read);
    fold(read);
    update("UPDATE events SET content = 'x' WHERE agent_id = ?", spirit.value());
    update("UPDATE spirits SET created_at = created_at - interval '1 day' WHERE id = ?", spirit.value());
    apply(log.append(importance(spirit, event.id(), 0.75)), log.append(spirit(spirit, "Grace")));

    find(0, 2);

    assertThat(found()).extracting(Difference::kind).containsExactly(Drift.DIFFERING, Drift.DIFFERING);
    assertThat(repair(read)).isEqualTo(new Repaired(2, 0, 0));
    assertThat(events()).singleElement().satisfies(row -> assertThat(row).containsEntry("content", "hello")
        .containsEntry("importance_score", 0.75).containsEntry("changed_offset", 2L));
    assertThat(jdbc.sql("SELECT name FROM spirits WHERE id = ? AND created_at = ?")
        .params(spirit.value(), Timestamp.from(TestLog.at(0))).query(String.class).single())
        .isEqualTo("Grace");
  }

  @Test
  void what_was_made_by_records_that_the_log_no_longer_has_is_not_judged() {
    Change.EventCreated event = event(spirit, "k", "hello");
    Change.EventCreated gone = event(spirit, "l", "gone");
    LogEntry[] lost = {log.append(spirit(spirit, "Ada")), log.append(event), log.append(gone)};
    LogEntry[] kept = {log.append(event), log.append(spirit(spirit, "Grace")),
        log.append(importance(spirit, event.id(), 0.5)), log.append(importance(spirit, gone.id(), 0.5))};
    apply(lost);
    apply(kept);
    fold(kept);

    drift.find(List.of(new Scope(log.partition(), 3, 7)), spirit);

    assertThat(found()).isEmpty();
    assertThat(drift.unaccounted()).isZero();
    assertThat(drift.notJudged()).isEqualTo(3);
  }

  @Test
  void keys_that_rows_have_wrongly_are_in_nobodys_way() {
    LogEntry[] read = {log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "one")),
        log.append(event(spirit, "l", "other"))};
    apply(read);
    fold(read);
    update("UPDATE events SET dedupe_key = 'none' WHERE agent_id = ? AND dedupe_key = 'k'", spirit.value());
    update("UPDATE events SET dedupe_key = 'k' WHERE agent_id = ? AND dedupe_key = 'l'", spirit.value());
    update("UPDATE events SET dedupe_key = 'l' WHERE agent_id = ? AND dedupe_key = 'none'", spirit.value());

    find(0, 3);

    assertThat(repair(read)).isEqualTo(new Repaired(2, 0, 0));
    assertThat(events()).extracting(row -> row.get("dedupe_key") + " " + row.get("content"))
        .containsExactly("k one", "l other");
  }

  @Test
  void a_row_that_has_changed_since_it_was_found_is_left() {
    LogEntry[] read = {log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "hello"))};
    apply(read);
    fold(read);
    update("UPDATE events SET content = 'x' WHERE agent_id = ?", spirit.value());
    find(0, 2);
    update("UPDATE events SET content = 'y' WHERE agent_id = ?", spirit.value());

    assertThat(repair(read)).isEqualTo(new Repaired(0, 0, 1));
    assertThat(events()).singleElement().satisfies(row -> assertThat(row).containsEntry("content", "y"));
  }

  @Test
  void an_event_that_was_given_to_another_spirit_differs_also_where_one_spirit_is_compared() {
    LogEntry[] read = {log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "hello"))};
    apply(read);
    fold(read);
    UUID other = UUID.randomUUID();
    update("UPDATE events SET agent_id = ? WHERE agent_id = ?", other, spirit.value());

    drift.find(List.of(new Scope(log.partition(), 0, 2)), spirit);

    assertThat(found()).singleElement().satisfies(
        difference -> assertThat(difference.fields()).containsOnlyKeys("agent_id"));
    assertThat(repair(read)).isEqualTo(new Repaired(1, 0, 0));
    assertThat(events()).hasSize(1);
  }

  @Test
  void a_copy_of_the_log_is_compared_by_what_it_says_and_not_by_where_it_stands() {
    Change.EventCreated event = event(spirit, "k", "hello");
    Change.EventCreated other = event(spirit, "l", "other");
    Change.EventCreated rejected = event(new SpiritId(UUID.randomUUID()), "m", "has no spirit");
    apply(log.append(spirit(spirit, "Ada")), log.append(event), log.append(other), log.append(rejected));
    TestLog copy = new TestLog(partitions, UUID.randomUUID(), 100);
    LogEntry[] copied = {copy.append(spirit(spirit, "Ada")), copy.append(event), copy.append(other),
        copy.append(rejected)};
    fold(copied);
    Scope scope = new Scope(copy.partition(), 100, 104);

    drift.find(List.of(scope), null);

    assertThat(found()).isEmpty();
    update("UPDATE events SET content = 'x' WHERE id = ?", event.id().value());
    update("UPDATE events SET importance_score = 1 WHERE id = ?", other.id().value());
    drift.find(List.of(scope), null);
    assertThat(found()).extracting(difference -> difference.fields().keySet()).containsExactly(Set.of("content"),
        Set.of("importance_score"));
    assertThat(repair(copied)).isEqualTo(new Repaired(0, 0, 2));
  }
}
