package com.elephantasm.events.faults.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ScheduleTest {
  private static final List<FaultKind> ALL = Arrays.asList(FaultKind.values());

  @Test
  void the_same_seed_gives_the_same_faults_and_another_gives_others() {
    assertThat(draw(7)).isEqualTo(draw(7)).isNotEqualTo(draw(8));
  }

  @Test
  void a_seed_means_the_same_everywhere_and_for_ever() {
    assertThat(draw(1).faults().getFirst()).hasToString(
        "  1  00:01.2  CUT_WRITER             writer-1: its callers' connections are cut, for 2.1 s");
  }

  @Test
  void every_kind_comes_once_before_any_comes_again() {
    List<FaultKind> kinds = draw(3).faults().stream().map(Fault::kind).toList();
    assertThat(kinds.size()).isGreaterThan(60);
    for (int from = 0; from + ALL.size() <= kinds.size(); from += ALL.size()) {
      assertThat(kinds.subList(from, from + ALL.size())).containsExactlyInAnyOrderElementsOf(ALL);
    }
  }

  @Test
  void faults_come_in_order_within_the_time_and_befall_what_there_is() {
    List<Fault> faults = draw(5).faults();
    assertThat(faults).isSortedAccordingTo((one, other) -> one.at().compareTo(other.at()));
    assertThat(faults).allSatisfy(fault -> {
      assertThat(fault.at()).isLessThan(Duration.ofMinutes(12));
      assertThat(fault.subject()).isBetween(1, fault.kind().subject.count);
      assertThat(fault.lasting().toMillis()).isBetween(1000L * fault.kind().shortest, 1000L * fault.kind().longest);
    });
  }

  @Test
  void only_the_kinds_that_are_asked_for_come() {
    Set<FaultKind> wanted = Set.of(FaultKind.KILL_WRITER);
    assertThat(Schedule.draw(1, Duration.ofMinutes(1), Duration.ofSeconds(5), wanted).faults())
        .extracting(Fault::kind).containsOnly(FaultKind.KILL_WRITER);
  }

  private static Schedule draw(long seed) {
    return Schedule.draw(seed, Duration.ofMinutes(12), Duration.ofSeconds(8), ALL);
  }
}
