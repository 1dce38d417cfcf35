package com.elephantasm.events.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void it_is_of_the_medians_and_its_spread_is_of_the_pairs() {
    Ratio ratio = Ratio.of(figures(80, 90, 70), figures(100, 100, 140));
    assertThat(ratio).isEqualTo(new Ratio(0.8, 0.5, 0.9));
  }

  @Test
  void sides_that_ran_unequally_often_are_not_compared() {
    assertThatThrownBy(() -> Ratio.of(figures(80, 90), figures(100))).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 figures cannot be paired with 1");
  }

  @Test
  void a_target_on_rates_is_met_from_its_bound_upwards() {
    assertThat(Target.atLeast(0.8).isMetBy(new Ratio(0.8, 0.1, 0.9))).isTrue();
    assertThat(Target.atLeast(0.8).isMetBy(new Ratio(0.79, 0.7, 0.9))).isFalse();
  }

  @Test
  void a_target_on_times_is_met_up_to_its_bound() {
    assertThat(Target.atMost(3).isMetBy(new Ratio(3, 2, 9))).isTrue();
    assertThat(Target.atMost(3).isMetBy(new Ratio(3.01, 2, 4))).isFalse();
  }

  private static Figures figures(double... all) {
    return new Figures("side", "events/s", Arrays.stream(all).boxed().toList());
  }
}
