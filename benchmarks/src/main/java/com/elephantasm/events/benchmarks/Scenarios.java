package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.drain.Drain;
import com.elephantasm.events.benchmarks.drain.DrainAgain;
import com.elephantasm.events.benchmarks.drain.DrainLarge;
import com.elephantasm.events.benchmarks.ingest.Ndjson;
import com.elephantasm.events.benchmarks.ingest.PostAsync;
import com.elephantasm.events.benchmarks.ingest.PostStored;
import com.elephantasm.events.benchmarks.ingest.PostStoredMany;
import java.util.List;
import java.util.Optional;

/** All scenarios, in the order in which {@code all} runs them. */
final class Scenarios {
  static final List<Scenario> ALL = List.of(new Drain(), new DrainAgain(), new DrainLarge(),
      Ndjson.overOneConnection(), Ndjson.overFourConnections(), PostAsync.againstEmpty(), PostAsync.againstPublish(),
      PostAsync.tail(), new PostStored(), new PostStoredMany());

  private Scenarios() {}

  static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
