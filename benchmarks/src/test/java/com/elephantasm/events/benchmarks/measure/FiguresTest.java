package com.elephantasm.events.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void the_median_of_an_odd_number_is_the_one_in_the_middle() {
    assertThat(new Figures("writer", "events/s", List.of(30.0, 10.0, 20.0)).median()).isEqualTo(20);
  }

  @Test
  void the_median_of_an_even_number_is_between_the_two_in_the_middle() {
    assertThat(new Figures("writer", "events/s", List.of(40.0, 10.0, 20.0, 30.0)).median()).isEqualTo(25);
  }

  @Test
  void the_figures_stay_in_the_order_of_the_runs() {
    assertThat(new Figures("writer", "events/s", List.of(30.0, 10.0, 20.0)).all()).containsExactly(30.0, 10.0, 20.0);
  }

  @Test
  void no_figure_has_no_median() {
    assertThatThrownBy(() -> new Figures("writer", "events/s", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
