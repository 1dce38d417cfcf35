package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.drain.Drain;
import com.elephantasm.events.benchmarks.drain.DrainAgain;
import com.elephantasm.events.benchmarks.drain.DrainLarge;
import java.util.List;
import java.util.Optional;

/** All scenarios, in the order in which {@code all} runs them. */
final class Scenarios {
  static final List<Scenario> ALL = List.of(new Drain(), new DrainAgain(), new DrainLarge());

  private Scenarios() {}

  static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
