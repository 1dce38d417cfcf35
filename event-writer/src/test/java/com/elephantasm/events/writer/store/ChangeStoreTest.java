package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.TestLog.deletion;
import static com.elephantasm.events.writer.store.TestLog.event;
import static com.elephantasm.events.writer.store.TestLog.importance;
import static com.elephantasm.events.writer.store.TestLog.spirit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChangeStoreTest extends StoreTest {
  @Test
  void times_of_a_row_are_those_of_the_records_that_made_it() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    apply(log.append(spirit(spirit, "Ada")), log.append(hello), log.append(importance(spirit, hello.id(), 0.5)));

    assertThat(jdbc.sql("SELECT created_at = :created AND updated_at = :updated FROM events WHERE id = :id")
        .param("created", TestLog.at(1).atOffset(ZoneOffset.UTC))
        .param("updated", TestLog.at(2).atOffset(ZoneOffset.UTC)).param("id", hello.id().value())
        .query(Boolean.class).single()).isTrue();
  }

  @Test
  void a_batch_that_comes_again_changes_no_row() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    LogEntry[] batch = {log.append(spirit(spirit, "Ada")), log.append(hello), log.append(event(spirit, "l", "there")),
        log.append(importance(spirit, hello.id(), 0.5)), log.append(importance(spirit, hello.id(), 0.7)),
        log.appendPlain("{"), log.append(event(new SpiritId(UUID.randomUUID()), "m", "nobody's"))};
    apply(batch);
    List<String> before = versions();

    apply(batch);

    assertThat(before).hasSize(1 + 2 + 2);
    assertThat(versions()).isEqualTo(before);
  }

  /** Each row with the transaction that last wrote it. */
  private List<String> versions() {
    return jdbc.sql("""
        SELECT xmin || ' ' || spirits FROM spirits WHERE created_partition = :partition
        UNION ALL SELECT xmin || ' ' || events FROM events WHERE created_partition = :partition
        UNION ALL SELECT xmin || ' ' || dead_letters FROM dead_letters WHERE log_partition = :partition
        ORDER BY 1""").param("partition", log.partition()).query((row, _) -> row.getString(1)).list();
  }

  @Test
  void who_asked_gets_the_same_answer_when_the_record_comes_again() {
    LogEntry born = log.ask(spirit(spirit, "Ada"));
    LogEntry hello = log.ask(event(spirit, "k", "hello"));
    List<Outcome> first = apply(born, hello);

    assertThat(first).hasExactlyElementsOfTypes(Outcome.SpiritStored.class, Outcome.EventStored.class);
    assertThat(apply(born, hello)).isEqualTo(first);
  }

  @Test
  void the_same_event_again_is_a_duplicate_within_a_batch_and_across() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    List<Outcome> outcomes = apply(log.append(spirit(spirit, "Ada")), log.ask(hello), log.ask(hello));
    List<Outcome> later = apply(log.ask(hello));

    assertThat(outcomes).hasExactlyElementsOfTypes(Outcome.EventStored.class, Outcome.EventDuplicate.class);
    assertThat(later).hasExactlyElementsOfTypes(Outcome.EventDuplicate.class);
    assertThat(later.getFirst().subject()).isEqualTo(hello.id().value());
    assertThat(events()).hasSize(1);
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void one_key_with_another_payload_is_a_conflict_and_kept() {
    List<Outcome> outcomes = apply(log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "hello")),
        log.ask(event(spirit, "k", "good bye")));

    assertThat(outcomes).singleElement().isInstanceOfSatisfying(Outcome.Rejected.class,
        rejected -> assertThat(rejected.reason()).isEqualTo(RejectionReason.CONFLICT));
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("conflict");
    assertThat(events()).singleElement().extracting("content").isEqualTo("hello");
  }

  @Test
  void two_spirits_may_use_one_key() {
    SpiritId other = new SpiritId(UUID.randomUUID());
    apply(log.append(spirit(spirit, "Ada")), log.append(spirit(other, "Bob")), log.append(event(spirit, "k", "hello")),
        log.append(event(other, "k", "hi")));

    assertThat(events()).hasSize(1);
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void amendments_take_effect_in_the_order_of_the_log_and_never_backward() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    LogEntry first = log.append(spirit(spirit, "Ada"));
    LogEntry second = log.append(hello);
    LogEntry low = log.append(importance(spirit, hello.id(), 0.1));
    LogEntry high = log.append(importance(spirit, hello.id(), 0.9));
    apply(first, second, low, high);
    apply(low);

    assertThat(events()).singleElement().extracting("importance_score").isEqualTo(0.9);
  }

  @Test
  void an_amendment_before_its_event_is_a_dead_letter_however_the_batches_are_cut() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    apply(log.append(spirit(spirit, "Ada")), log.append(importance(spirit, hello.id(), 0.9)), log.append(hello));

    assertThat(events()).singleElement().extracting("importance_score").isNull();
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("unknown-event");
  }

  @Test
  void an_amendment_under_another_spirits_name_does_not_reach_the_event() {
    SpiritId other = new SpiritId(UUID.randomUUID());
    Change.EventCreated hello = event(spirit, "k", "hello");
    apply(log.append(spirit(spirit, "Ada")), log.append(spirit(other, "Eve")), log.append(hello),
        log.append(importance(other, hello.id(), 0)));

    assertThat(events()).singleElement().extracting("importance_score").isNull();
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("unknown-event");
  }

  @Test
  void a_topic_made_anew_goes_on_changing_rows_though_its_offsets_are_lower() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    log.skipTo(1000);
    apply(log.append(spirit(spirit, "Ada")), log.append(hello), log.append(importance(spirit, hello.id(), 0.1)));
    LogEntry amendment = log.skipTo(5000).append(importance(spirit, hello.id(), 0.9));
    TestLog anew = new TestLog(partitions, UUID.randomUUID(), 0);

    apply(new LogEntry(anew.partition(), amendment.record(), amendment.content()));

    assertThat(events()).singleElement().extracting("importance_score").isEqualTo(0.9);
  }

  @Test
  void an_event_waits_for_its_spirit_and_is_then_what_it_would_have_been() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    apply(log.append(hello), log.append(importance(spirit, hello.id(), 0.4)),
        log.append(event(spirit, "k", "conflict")));
    assertThat(deadLetters()).extracting("reason").containsOnly("unknown-spirit").hasSize(3);

    apply(log.append(spirit(spirit, "Ada")));

    assertThat(events()).singleElement().satisfies(row -> {
      assertThat(row).containsEntry("content", "hello").containsEntry("importance_score", 0.4)
          .containsEntry("created_offset", 0L).containsEntry("changed_offset", 1L);
    });
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("conflict");
  }

  @Test
  void more_events_than_are_applied_at_a_time_can_wait() {
    for (int i = 0; i < 25; i++) {
      apply(log.append(event(spirit, "k" + i, "hello " + i)));
    }
    apply(log.append(spirit(spirit, "Ada")));

    assertThat(events()).hasSize(25);
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void an_event_waits_for_one_spirit_while_those_of_another_are_applied() {
    SpiritId awaited = new SpiritId(UUID.randomUUID());
    for (int i = 0; i < 5; i++) {
      apply(log.append(event(awaited, "k" + i, "hello " + i)));
    }
    apply(log.append(event(spirit, "k", "hello")), log.append(spirit(awaited, "Bob")),
        log.append(spirit(spirit, "Ada")));

    assertThat(events()).hasSize(1);
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void an_event_stored_between_two_deletions_of_its_spirit_stays_stored() {
    apply(log.append(spirit(spirit, "Ada")), log.append(deletion(spirit)), log.ask(event(spirit, "k", "hello")),
        log.append(spirit(spirit, "Ada")));
    LogEntry between = log.ask(event(spirit, "k", "hello"));
    apply(between, log.append(deletion(spirit)), log.ask(event(spirit, "k", "hello")));

    assertThat(apply(between)).hasExactlyElementsOfTypes(Outcome.EventStored.class);
    assertThat(deadLetters()).extracting("occurrences").containsExactly(1L, 1L);
  }

  @Test
  void who_was_told_that_there_is_no_spirit_is_not_proved_wrong_later() {
    LogEntry early = log.ask(event(spirit, "k", "hello"));
    LogEntry again = log.ask(event(spirit, "k", "hello"));
    assertThat(apply(early)).hasExactlyElementsOfTypes(Outcome.Rejected.class);
    apply(again);
    assertThat(deadLetters()).singleElement().satisfies(
        letter -> assertThat(letter).containsEntry("occurrences", 2L).containsEntry("last_offset", 1L));

    apply(log.append(spirit(spirit, "Ada")));
    List<Outcome> replayed = apply(early, again);

    assertThat(replayed).hasSize(2).hasOnlyElementsOfType(Outcome.Rejected.class);
    assertThat(events()).isEmpty();
    assertThat(apply(log.ask(event(spirit, "k", "hello")))).hasExactlyElementsOfTypes(Outcome.EventStored.class);
  }

  @Test
  void new_events_of_a_deleted_spirit_are_refused_and_those_before_are_not() {
    LogEntry born = log.append(spirit(spirit, "Ada"));
    LogEntry alive = log.append(event(spirit, "k", "hello"));
    LogEntry deleted = log.append(deletion(spirit));
    LogEntry late = log.append(event(spirit, "l", "too late"));
    apply(born, deleted, late);
    apply(alive);

    assertThat(events()).singleElement().extracting("content").isEqualTo("hello");
    assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("deleted-spirit");
  }

  @Test
  void a_spirit_put_again_is_replaced_and_no_longer_deleted() {
    LogEntry first = log.ask(spirit(spirit, "Ada"));
    LogEntry gone = log.ask(deletion(spirit));
    LogEntry second = log.ask(spirit(spirit, "Ada Lovelace"));
    List<Outcome> outcomes = apply(first, gone, second);

    assertThat(outcomes).hasExactlyElementsOfTypes(Outcome.SpiritStored.class, Outcome.SpiritAmended.class,
        Outcome.SpiritAmended.class);
    apply(first, gone);
    assertThat(jdbc.sql("SELECT name, is_deleted FROM spirits WHERE id = :id").param("id", spirit.value()).query()
        .singleRow()).containsEntry("name", "Ada Lovelace").containsEntry("is_deleted", false);
  }

  @Test
  void equal_records_without_an_identity_are_two_events_and_wait_as_two() {
    String plain = """
        {"agent_id": "%s", "event_type": "system", "content": "tick"}""".formatted(spirit);
    LogEntry first = log.appendPlain(plain);
    LogEntry second = log.appendPlain(plain);
    apply(first, second);
    apply(log.append(spirit(spirit, "Ada")));
    apply(first, second);

    assertThat(events()).hasSize(2).extracting("dedupe_key").containsOnlyNulls();
  }

  @Test
  void records_that_cannot_be_read_are_kept_with_a_reason_and_counted_when_they_repeat() {
    apply(log.appendPlain("{"), log.appendPlain("{"), log.appendPlain(null), log.appendPlain("[1]"),
        log.appendPlain("{\"agent_id\": \"%s\", \"event_type\": \"x\", \"content\": \"a\\u0000b\"}".formatted(spirit)));

    assertThat(deadLetters()).extracting("reason").containsExactly("malformed", "malformed", "invalid", "invalid");
    assertThat(deadLetters().getFirst()).containsEntry("occurrences", 2L).containsEntry("record_value",
        "{".getBytes(StandardCharsets.UTF_8));
    assertThat((String) deadLetters().getLast().get("detail")).contains("/content").contains("NUL");
  }

  @Test
  void a_batch_with_a_refused_record_is_rolled_back_whole() {
    jdbc.sql("ALTER TABLE events ADD CONSTRAINT no_poison CHECK (content <> 'poison')").update();
    try {
      LogEntry born = log.append(spirit(spirit, "Ada"));
      LogEntry poison = log.append(event(spirit, "p", "poison"));
      assertThatThrownBy(() -> apply(born, log.append(event(spirit, "k", "hello")), poison))
          .isInstanceOf(RecordRefusedException.class).hasMessageContaining("23514");
      assertThat(events()).isEmpty();
      assertThat(jdbc.sql("SELECT count(*) FROM spirits WHERE id = :id").param("id", spirit.value()).query(Long.class)
          .single()).isZero();

      apply(born);
      store.refuse(poison, "poisonous");
      apply(poison);
      assertThat(deadLetters()).singleElement().extracting("reason").isEqualTo("refused");
    } finally {
      jdbc.sql("ALTER TABLE events DROP CONSTRAINT no_poison").update();
    }
  }

  @Test
  void the_position_reached_is_kept_and_never_goes_back() {
    LogEntry first = log.append(spirit(spirit, "Ada"));
    apply(first, log.append(event(spirit, "k", "hello")), log.appendPlain("{"));
    apply(first);

    assertThat(jdbc.sql("SELECT next_offset FROM log_partitions WHERE id = :id").param("id", log.partition())
        .query(Long.class).single()).isEqualTo(3);
  }

  @Test
  void text_comes_back_as_it_went_in() {
    StringBuilder everything = new StringBuilder();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        everything.appendCodePoint(c);
      }
    }
    Change.EventCreated event = event(spirit, "k", everything.toString());
    List<Outcome> outcomes = apply(log.append(spirit(spirit, "Ada")), log.ask(event), log.ask(event));

    assertThat(events().getFirst().get("content")).isEqualTo(everything.toString());
    assertThat(outcomes.getLast()).isInstanceOfSatisfying(Outcome.EventDuplicate.class,
        duplicate -> assertThat(duplicate.original().content()).isEqualTo(everything.toString()));
  }

  @Test
  void an_id_that_a_stranger_took_is_a_conflict_not_a_loss() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    apply(log.append(spirit(spirit, "Ada")), log.append(hello));
    jdbc.sql("UPDATE events SET id = gen_random_uuid() WHERE id = :id").param("id", hello.id().value()).update();

    assertThat(apply(log.ask(hello))).singleElement().isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
      assertThat(rejected.reason()).isEqualTo(RejectionReason.CONFLICT);
      assertThat(new EventId(rejected.subject())).isEqualTo(hello.id());
    });
    assertThat(deadLetters()).hasSize(1);
  }
}
