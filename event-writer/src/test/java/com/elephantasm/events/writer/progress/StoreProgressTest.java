package com.elephantasm.events.writer.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.writer.progress.StoreProgress.Result;
import com.elephantasm.events.writer.store.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The waits, on a store that is wherever the test says. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StoreProgressTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String TOPIC = "log";

  private final AtomicInteger readings = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile List<AppliedPosition> positions = List.of();
  private volatile boolean away;
  private final StoreProgress progress = new StoreProgress(TOPIC, this::read, Duration.ofMillis(1));

  @AfterEach
  void stop() {
    progress.stop();
    threads.close();
  }

  private List<AppliedPosition> read() {
    readings.incrementAndGet();
    if (away) {
      throw new IllegalStateException("away");
    }
    return positions;
  }

  private static ConsistencyToken token(int partition, long offset) {
    return ConsistencyToken.of(new RecordPosition(TOPIC, partition, offset));
  }

  private Future<Result> waiting(ConsistencyToken token) {
    return threads.submit(() -> progress.await(token, LONG));
  }

  private static LogEntry entry(int id, int partition, long offset) {
    ReceivedRecord record = new ReceivedRecord(new RecordPosition(TOPIC, partition, offset), Instant.EPOCH, null,
        List.of(), null);
    return new LogEntry(id, record, new DecodedChange.Unreadable(RejectionReason.MALFORMED, ""));
  }

  /** Until the thread that reads has seen that somebody waits. */
  private void awaitReading() {
    int before = readings.get();
    await().until(() -> readings.get() > before + 1);
  }

  @Test
  void a_position_that_another_process_applies_ends_the_wait() throws Exception {
    positions = List.of(new AppliedPosition(7, 3, 10));
    Future<Result> waiting = waiting(token(3, 10));
    awaitReading();
    assertThat(waiting.isDone()).isFalse();
    positions = List.of(new AppliedPosition(7, 3, 11));
    assertThat(waiting.get()).isEqualTo(Result.APPLIED);
  }

  @Test
  void all_partitions_of_a_token_are_waited_for() throws Exception {
    positions = List.of(new AppliedPosition(1, 0, 6), new AppliedPosition(2, 1, 6));
    Future<Result> waiting = waiting(new ConsistencyToken(TOPIC, new TreeMap<>(Map.of(0, 5L, 1, 6L, 2, 0L))));
    awaitReading();
    positions = List.of(new AppliedPosition(1, 0, 6), new AppliedPosition(2, 1, 7));
    awaitReading();
    assertThat(waiting.isDone()).isFalse();
    positions = List.of(new AppliedPosition(3, 2, 1));
    assertThat(waiting.get()).isEqualTo(Result.APPLIED);
  }

  @Test
  void what_this_process_commits_is_known_without_a_reading() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    StoreProgress blind = new StoreProgress(TOPIC, () -> {
      try {
        never.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return List.of();
    }, Duration.ofMillis(1));
    Future<Result> waiting = threads.submit(() -> blind.await(token(3, 11), LONG));
    blind.applied(List.of(entry(7, 3, 10), entry(8, 4, 0), entry(7, 3, 11)));
    assertThat(waiting.get()).isEqualTo(Result.APPLIED);
    assertThat(blind.await(token(4, 0), Duration.ZERO)).isEqualTo(Result.APPLIED);
    never.countDown();
  }

  @Test
  void what_is_known_to_be_applied_costs_no_reading() {
    progress.applied(List.of(entry(7, 3, 10)));
    assertThat(progress.await(token(3, 10), LONG)).isEqualTo(Result.APPLIED);
    assertThat(readings).hasValue(0);
  }

  @Test
  void any_number_of_waits_share_the_readings_and_these_end_with_the_last_wait() throws Exception {
    List<Future<Result>> waiting = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      waiting.add(waiting(token(i % 10, i)));
    }
    awaitReading();
    int before = readings.get();
    List<AppliedPosition> reached = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      reached.add(new AppliedPosition(i, i, 1000));
    }
    positions = reached;
    for (Future<Result> each : waiting) {
      assertThat(each.get()).isEqualTo(Result.APPLIED);
    }
    assertThat(readings.get() - before).isLessThan(200);
    await().until(() -> !progress.isReading());
  }

  @Test
  void when_the_time_is_up_the_store_is_behind() {
    assertThat(progress.await(token(0, 0), Duration.ofMillis(20))).isEqualTo(Result.BEHIND);
  }

  @Test
  void who_does_not_want_to_wait_is_told_no_only_after_a_look() {
    positions = List.of(new AppliedPosition(1, 0, 1));
    assertThat(progress.await(token(0, 0), Duration.ZERO)).isEqualTo(Result.APPLIED);
    assertThat(progress.await(token(0, 1), Duration.ZERO)).isEqualTo(Result.BEHIND);
    positions = List.of(new AppliedPosition(1, 0, 2));
    assertThat(progress.await(token(0, 1), Duration.ZERO)).isEqualTo(Result.APPLIED);
  }

  @Test
  void a_store_that_cannot_be_read_is_not_behind_and_is_waited_for() throws Exception {
    away = true;
    assertThat(progress.await(token(0, 0), Duration.ofMillis(20))).isEqualTo(Result.UNREADABLE);
    Future<Result> waiting = waiting(token(0, 0));
    awaitReading();
    positions = List.of(new AppliedPosition(1, 0, 1));
    away = false;
    assertThat(waiting.get()).isEqualTo(Result.APPLIED);
  }

  @Test
  void nothing_that_is_said_late_moves_what_is_known_back() {
    progress.applied(List.of(entry(2, 0, 9)));
    progress.applied(List.of(entry(2, 0, 4), entry(1, 0, 99)));
    assertThat(progress.await(token(0, 9), Duration.ZERO)).isEqualTo(Result.APPLIED);
    positions = List.of(new AppliedPosition(2, 0, 5));
    assertThat(progress.await(token(0, 10), Duration.ZERO)).isEqualTo(Result.BEHIND);
    assertThat(progress.await(token(0, 9), Duration.ZERO)).isEqualTo(Result.APPLIED);
  }

  @Test
  void a_topic_made_anew_begins_anew() {
    progress.applied(List.of(entry(1, 0, 99)));
    progress.applied(List.of(entry(2, 0, 0)));
    assertThat(progress.await(token(0, 0), Duration.ZERO)).isEqualTo(Result.APPLIED);
    assertThat(progress.await(token(0, 1), Duration.ZERO)).isEqualTo(Result.BEHIND);
  }

  @Test
  void a_change_ends_the_wait_for_one() throws Exception {
    long seen = progress.version();
    Future<Boolean> waiting = threads.submit(() -> progress.awaitChange(seen, LONG));
    awaitReading();
    assertThat(waiting.isDone()).isFalse();
    positions = List.of(new AppliedPosition(1, 0, 1));
    assertThat(waiting.get()).isTrue();
    assertThat(progress.awaitChange(seen, LONG)).isTrue();
    assertThat(progress.awaitChange(progress.version(), Duration.ofMillis(20))).isFalse();
  }

  @Test
  void all_waits_end_when_the_service_stops() throws Exception {
    Future<Result> ofToken = waiting(token(0, 0));
    CompletableFuture<Boolean> ofChange = CompletableFuture
        .supplyAsync(() -> progress.awaitChange(progress.version(), LONG), threads);
    awaitReading();
    progress.stop();
    assertThat(ofToken.get()).isEqualTo(Result.BEHIND);
    assertThat(ofChange.get()).isFalse();
    assertThat(progress.isRunning()).isFalse();
    assertThat(progress.await(token(0, 0), LONG)).isNotEqualTo(Result.APPLIED);
  }
}
