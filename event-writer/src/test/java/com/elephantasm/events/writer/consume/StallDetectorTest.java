package com.elephantasm.events.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.writer.consume.StallDetector.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** With a minute until a stall, observed every ten seconds. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StallDetectorTest {
  private static final Instant BEGIN = Instant.parse("2024-05-15T15:00:00Z");
  private static final Reading STANDS = new Reading(5, 9);

  private final StallDetector detector = new StallDetector(Duration.ofMinutes(1), Duration.ofSeconds(30));
  private int second = -10;

  /** Ten seconds after the last observation. */
  private List<Stall> observe(Map<Integer, Reading> readings, Integer... moved) {
    second += 10;
    return detector.observe(at(second), readings, Set.of(moved));
  }

  private static Instant at(int second) {
    return BEGIN.plusSeconds(second);
  }

  private void observeQuietly(int times, Map<Integer, Reading> readings, Integer... moved) {
    for (int i = 0; i < times; i++) {
      assertThat(observe(readings, moved)).isEmpty();
    }
  }

  @Test
  void a_partition_with_records_and_no_progress_has_stalled_after_the_time_and_not_before() {
    observeQuietly(6, Map.of(3, STANDS));

    assertThat(observe(Map.of(3, STANDS))).containsExactly(new Stall(3, 5, 9, at(0)));
    assertThat(observe(Map.of(3, new Reading(5, 12)))).containsExactly(new Stall(3, 5, 12, at(0)));
  }

  @Test
  void one_step_forward_ends_a_stall_and_the_time_begins_anew() {
    observeQuietly(6, Map.of(3, STANDS));
    assertThat(observe(Map.of(3, STANDS))).isNotEmpty();

    observeQuietly(6, Map.of(3, new Reading(6, 9)));
    assertThat(observe(Map.of(3, new Reading(6, 9)))).containsExactly(new Stall(3, 6, 9, at(70)));
  }

  @Test
  void lag_alone_is_none_however_large_and_growing() {
    for (int i = 0; i < 100; i++) {
      assertThat(observe(Map.of(3, new Reading(i, 1_000_000L * (i + 1))))).isEmpty();
    }
  }

  @Test
  void without_records_a_partition_may_stand_for_ever_and_the_time_begins_with_the_first_record() {
    observeQuietly(100, Map.of(3, new Reading(5, 5)));

    // Seen first at 1000 s; at 990 s there was none.
    observeQuietly(5, Map.of(3, new Reading(5, 6)));
    assertThat(observe(Map.of(3, new Reading(5, 6)))).containsExactly(new Stall(3, 5, 6, at(990)));
  }

  @Test
  void while_a_server_is_away_nothing_stalls_and_when_it_is_back_the_time_begins_anew() {
    observeQuietly(6, Map.of(3, STANDS));
    observeQuietly(100, Map.of());

    observeQuietly(6, Map.of(3, STANDS));
    assertThat(observe(Map.of(3, STANDS))).containsExactly(new Stall(3, 5, 9, at(1060)));
  }

  @Test
  void a_server_that_goes_during_a_stall_ends_it() {
    observeQuietly(6, Map.of(3, STANDS));
    assertThat(observe(Map.of(3, STANDS))).isNotEmpty();
    observeQuietly(1, Map.of());
    observeQuietly(6, Map.of(3, STANDS));
  }

  @Test
  void a_server_that_comes_and_goes_more_often_than_the_time_never_makes_a_stall() {
    for (int i = 0; i < 50; i++) {
      observeQuietly(5, Map.of(3, STANDS));
      observeQuietly(1, Map.of());
    }
  }

  @Test
  void a_partition_that_was_elsewhere_in_between_begins_anew() {
    observeQuietly(6, Map.of(3, STANDS, 4, new Reading(1, 1)));
    observeQuietly(1, Map.of(4, new Reading(1, 1)));
    observeQuietly(6, Map.of(3, STANDS, 4, new Reading(1, 1)));
    assertThat(observe(Map.of(3, STANDS, 4, new Reading(1, 1)))).hasSize(1);
  }

  @Test
  void what_is_read_again_is_progress_though_the_position_stands() {
    observeQuietly(50, Map.of(3, STANDS), 3);
    observeQuietly(5, Map.of(3, STANDS), 4);
    assertThat(observe(Map.of(3, STANDS), 4)).hasSize(1);
  }

  @Test
  void each_partition_has_its_own_time() {
    observeQuietly(3, Map.of(1, STANDS, 2, new Reading(1, 9)));
    observeQuietly(3, Map.of(1, STANDS, 2, new Reading(2, 9)));

    assertThat(observe(Map.of(1, STANDS, 2, new Reading(2, 9)))).extracting(Stall::partition).containsExactly(1);
    observe(Map.of(1, new Reading(6, 9), 2, new Reading(2, 9)));
    observe(Map.of(1, new Reading(7, 9), 2, new Reading(2, 9)));
    assertThat(observe(Map.of(1, new Reading(8, 9), 2, new Reading(2, 9)))).extracting(Stall::partition)
        .containsExactly(2);
  }

  @Test
  void a_position_that_goes_back_is_of_a_topic_made_anew_and_begins_anew() {
    observeQuietly(6, Map.of(3, STANDS));
    observeQuietly(6, Map.of(3, new Reading(0, 9)));
  }

  @Test
  void after_a_time_in_which_this_process_did_not_run_everything_begins_anew() {
    observeQuietly(6, Map.of(3, STANDS));
    second += 3600;
    observeQuietly(6, Map.of(3, STANDS));
    assertThat(observe(Map.of(3, STANDS))).hasSize(1);
  }

  @Test
  void a_clock_that_is_set_back_begins_everything_anew() {
    observeQuietly(6, Map.of(3, STANDS));
    second -= 3600;
    observeQuietly(6, Map.of(3, STANDS));
    assertThat(observe(Map.of(3, STANDS))).hasSize(1);
  }

  @Test
  void whatever_happens_a_stall_is_a_minute_of_observations_that_all_show_the_same_position_and_records() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StallDetector ofSeed = new StallDetector(Duration.ofMinutes(1), Duration.ofSeconds(30));
      Map<Integer, Instant> since = new HashMap<>();
      Map<Integer, Long> positions = new HashMap<>();
      Instant now = BEGIN;
      Instant last = BEGIN;
      for (int step = 0; step < 200; step++) {
        now = now.plusSeconds(random.nextInt(20) == 0 ? random.nextInt(-40, 90) : random.nextInt(1, 20));
        Map<Integer, Reading> readings = new HashMap<>();
        Set<Integer> moved = random.nextInt(30) == 0 ? Set.of(random.nextInt(3)) : Set.of();
        boolean gap = now.isBefore(last) || Duration.between(last, now).toSeconds() > 30;
        last = now;
        for (int partition = 0; partition < 3; partition++) {
          long position = random.nextInt(25) == 0 ? random.nextInt(3) : positions.getOrDefault(partition, 0L);
          long end = random.nextInt(30) == 0 ? position : 3;
          boolean seen = random.nextInt(40) > 0;
          if (seen) {
            readings.put(partition, new Reading(position, end));
          }
          boolean stood = since.containsKey(partition) && !gap && seen && position < end
              && position == positions.getOrDefault(partition, -1L) && !moved.contains(partition);
          if (!seen) {
            since.remove(partition);
          } else if (!stood) {
            since.put(partition, now);
          }
          positions.put(partition, position);
        }
        Instant time = now;
        List<Integer> expected = readings.keySet().stream()
            .filter(p -> !since.getOrDefault(p, Instant.MAX).isAfter(time.minusSeconds(60))).toList();
        assertThat(ofSeed.observe(now, readings, moved)).as("seed %d step %d", seed, step)
            .extracting(Stall::partition).containsExactlyElementsOf(expected);
      }
    }
  }
}
