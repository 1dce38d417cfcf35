package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.TestLog.deletion;
import static com.elephantasm.events.writer.store.TestLog.event;
import static com.elephantasm.events.writer.store.TestLog.importance;
import static com.elephantasm.events.writer.store.TestLog.spirit;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.TimeOrderedId;
import com.elephantasm.events.writer.store.Decisions.Claimed;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class RedrivenRecordsTest extends StoreTest {
  private final Decisions decisions = new Decisions(
      new TransactionTemplate(new JdbcTransactionManager(DATA_SOURCE)), jdbc);

  private Decisions.Terms terms(Duration pendingFor) {
    return new Decisions.Terms("ops", null, null, true, false, pendingFor);
  }

  private long letter() {
    return jdbc.sql("SELECT min(id) FROM dead_letters WHERE log_partition = :partition")
        .param("partition", log.partition()).query(Long.class).single();
  }

  private Map<String, @Nullable Object> redrive(UUID id) {
    return jdbc.sql("SELECT * FROM redrives WHERE id = :id").param("id", id).query().singleRow();
  }

  private static UUID id() {
    return TimeOrderedId.at(Instant.now());
  }

  /** The record of the letter, claimed and at its new place in the log. */
  private LogEntry redriven(LogEntry rejected) {
    Claimed claimed = decisions.claim(List.of(letter()), terms(Duration.ZERO)).getFirst();
    assertThat(claimed.record().position()).isEqualTo(rejected.record().position());
    return log.redrive(rejected, claimed.redrive().id());
  }

  private static UUID redriveOf(LogEntry entry) {
    return requireNonNull(entry.record().redrive()).id();
  }

  @Test
  void a_redriven_record_that_is_read_again_says_nothing_new_and_the_first_one_stays_rejected() {
    LogEntry early = log.ask(event(spirit, "k", "hello"));
    apply(early, log.append(spirit(spirit, "Ada")));
    LogEntry again = redriven(early);
    apply(again);
    Map<String, @Nullable Object> first = redrive(redriveOf(again));
    assertThat(first).containsEntry("state", "stored").containsEntry("log_offset", 2L);
    List<?> events = events();

    assertThat(apply(early, again)).hasExactlyElementsOfTypes(Outcome.Rejected.class, Outcome.EventStored.class);

    assertThat(events()).isEqualTo(events).singleElement().extracting("created_offset").isEqualTo(2L);
    assertThat(redrive(redriveOf(again))).isEqualTo(first);
    assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(letter).containsEntry("state", "redriven")
        .containsEntry("decided_by", "ops").containsEntry("occurrences", 1L));
  }

  @Test
  void a_redriven_record_that_is_rejected_again_stays_so_when_it_is_read_again() {
    LogEntry hello = log.append(event(spirit, "k", "hello"));
    LogEntry other = log.append(event(spirit, "k", "other"));
    apply(log.append(spirit(spirit, "Ada")), hello, other);
    LogEntry again = redriven(other);
    apply(again);
    assertThat(redrive(redriveOf(again))).containsEntry("state", "rejected").containsEntry("reason", "conflict");

    apply(other, again);

    assertThat(deadLetters()).singleElement().satisfies(letter -> assertThat(letter)
        .containsEntry("state", "open").containsEntry("occurrences", 2L).containsEntry("last_offset", 3L));
  }

  @Test
  void a_letter_of_its_own_counts_as_redriven_in_vain() {
    LogEntry amendment = log.append(importance(spirit, event(spirit, "k", "hello").id(), 0.5));
    apply(log.append(spirit(spirit, "Ada")), amendment);
    LogEntry again = redriven(amendment);
    apply(again);

    assertThat(deadLetters()).hasSize(2).extracting("last_redrive").containsOnly(redriveOf(again));
  }

  @Test
  void a_record_that_is_redriven_does_not_wait_for_its_spirit() {
    LogEntry early = log.ask(event(spirit, "k", "hello"));
    apply(early);
    apply(redriven(early));
    apply(log.append(spirit(spirit, "Ada")));

    assertThat(events()).isEmpty();
    assertThat(deadLetters()).singleElement().satisfies(
        letter -> assertThat(letter).containsEntry("waiting", false).containsEntry("occurrences", 2L));
  }

  @Test
  void a_store_that_is_made_anew_from_the_log_knows_of_the_redrive() {
    LogEntry early = log.ask(event(spirit, "k", "hello"));
    apply(early, log.append(spirit(spirit, "Ada")), log.redrive(early, id()));

    assertThat(events()).hasSize(1);
    assertThat(deadLetters()).singleElement()
        .satisfies(letter -> assertThat(letter).containsEntry("state", "redriven"));
    assertThat(jdbc.sql("SELECT state FROM redrives WHERE dead_letter = :letter").param("letter", letter())
        .query(String.class).list()).containsExactly("stored");
  }

  @Test
  void two_records_with_one_redrives_id_do_no_harm() {
    UUID id = id();
    LogEntry early = log.ask(event(spirit, "k", "hello"));
    apply(early, log.append(spirit(spirit, "Ada")), log.redrive(early, id), log.redrive(early, id));
    assertThat(events()).hasSize(1);
  }

  @Test
  void who_is_told_later_that_it_was_published_after_all_finds_the_outcome() {
    LogEntry early = log.ask(event(spirit, "k", "hello"));
    apply(early, log.append(spirit(spirit, "Ada")));
    Claimed claimed = decisions.claim(List.of(letter()), terms(Duration.ofMinutes(1))).getFirst();
    decisions.unpublished(claimed, "not acknowledged", true);
    assertThat(deadLetters().getFirst()).containsEntry("last_redrive", null).containsEntry("state", "open");
    assertThat(redrive(claimed.redrive().id())).containsEntry("state", "unpublished");

    apply(log.redrive(early, claimed.redrive().id()));

    assertThat(redrive(claimed.redrive().id())).containsEntry("state", "stored");
    assertThat(deadLetters().getFirst()).containsEntry("state", "redriven");
  }

  @Test
  void a_letter_is_claimed_by_one_of_many_who_try_at_once() {
    apply(log.ask(event(spirit, "k", "hello")));
    long letter = letter();
    List<CompletableFuture<Integer>> claims = Stream
        .generate(() -> CompletableFuture
            .supplyAsync(() -> decisions.claim(List.of(letter), terms(Duration.ofMinutes(1))).size()))
        .limit(8).toList();
    assertThat(claims.stream().map(CompletableFuture::join)).containsOnlyOnce(1);
    assertThat(decisions.claim(List.of(letter), terms(Duration.ZERO))).as("when it is taken for lost").hasSize(1);
  }

  @Test
  void what_waits_and_what_is_redriven_in_vain_end_the_same_in_one_batch_and_in_many() {
    SpiritId two = new SpiritId(UUID.randomUUID());
    assertThat(lettersAfter(spirit, true)).isEqualTo(lettersAfter(two, false)).isZero();
  }

  private long lettersAfter(SpiritId owner, boolean atOnce) {
    LogEntry early = log.append(event(owner, "k", "hello"));
    List<LogEntry> batch = List.of(early, log.redrive(early, id()), log.append(spirit(owner, "Ada")));
    Collection<List<LogEntry>> batches = atOnce ? List.of(batch) : batch.stream().map(List::of).toList();
    batches.forEach(store::apply);
    return jdbc.sql("SELECT count(*) FROM dead_letters WHERE agent_id = :id").param("id", owner.value())
        .query(Long.class).single();
  }

  @Test
  void an_event_of_a_spirits_lifetime_is_refused_when_it_is_redriven_after_the_deletion() {
    Change.EventCreated hello = event(spirit, "k", "hello");
    LogEntry early = log.ask(hello);
    apply(early, log.append(spirit(spirit, "Ada")), log.append(deletion(spirit)));
    LogEntry again = redriven(early);
    apply(again);
    assertThat(redrive(redriveOf(again))).containsEntry("reason", "deleted-spirit");
  }
}
