package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.TestLog.event;
import static com.elephantasm.events.writer.store.TestLog.spirit;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LateEventsTest extends StoreTest {
  private final TestLog otherLog = new TestLog(partitions);

  @Test
  void events_of_their_own_batch_are_not_late() {
    apply(log.append(event(spirit, "k", "waits within the batch")), log.append(spirit(spirit, "Ada")),
        log.append(event(spirit, "l", "follows")));
    apply(log.append(event(spirit, "m", "next batch")), otherLog.append(event(spirit, "n", "other partition")));

    assertThat(events()).hasSize(4);
    assertThat(late()).isEmpty();
  }

  @Test
  void events_that_waited_in_the_store_are_numbered_in_the_order_in_which_they_are_applied() {
    apply(log.append(event(spirit, "k", "first")), log.append(event(spirit, "l", "second")));
    apply(log.append(event(spirit, "m", "third")));
    apply(otherLog.append(spirit(spirit, "Ada")), otherLog.append(event(spirit, "n", "not late")));

    assertThat(late()).containsExactly("first", "second", "third");
  }

  @Test
  void of_a_batch_that_begins_behind_the_position_what_is_behind_it_is_late() {
    apply(log.append(spirit(spirit, "Ada")));
    LogEntry leftOut = log.append(event(spirit, "k", "left out"));
    apply(log.append(event(spirit, "l", "stored")));
    apply(leftOut, log.append(event(spirit, "m", "new")));

    assertThat(late()).containsExactly("left out");
  }

  @Test
  void a_record_that_comes_again_makes_nothing_late() {
    LogEntry[] batch = {log.append(spirit(spirit, "Ada")), log.append(event(spirit, "k", "hello"))};
    apply(batch);
    apply(batch);

    assertThat(late()).isEmpty();
  }

  @Test
  void an_event_that_was_lost_and_is_stored_once_more_is_late_again() {
    LogEntry waited = log.append(event(spirit, "k", "hello"));
    apply(waited);
    apply(log.append(spirit(spirit, "Ada")));
    long before = lastNumber();
    jdbc.sql("DELETE FROM events WHERE agent_id = :id").param("id", spirit.value()).update();
    apply(waited);

    assertThat(late()).containsExactly("hello");
    assertThat(lastNumber()).isGreaterThan(before);
  }

  /** The two owners of a partition between which it has just moved: the second one waits for the first one's lock. */
  @Test
  void two_writers_with_the_same_batch_at_once_make_nothing_late() throws Exception {
    apply(log.append(spirit(spirit, "Ada")));
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 50; round++) {
        List<LogEntry> batch = List.of(log.append(event(spirit, "k" + round, "hello")));
        List<LogEntry> longer = new ArrayList<>(batch);
        longer.add(log.append(event(spirit, "l" + round, "hello")));
        Future<?> one = threads.submit(() -> store.apply(batch));
        Future<?> other = threads.submit(() -> store.apply(longer));
        one.get();
        other.get();
      }
    }

    // Where the longer one came first, the other had nothing left to store.
    assertThat(events()).hasSize(100);
    assertThat(late()).isEmpty();
  }

  private List<String> late() {
    return jdbc.sql("""
        SELECT content FROM late_events JOIN events ON id = event_id WHERE events.agent_id = :id ORDER BY position
        """).param("id", spirit.value()).query((row, _) -> row.getString(1)).list();
  }

  private long lastNumber() {
    return jdbc.sql("SELECT max(position) FROM late_events").query(Long.class).single();
  }
}
