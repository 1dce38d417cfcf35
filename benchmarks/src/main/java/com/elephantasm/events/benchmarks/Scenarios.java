package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.drain.Drain;
import com.elephantasm.events.benchmarks.drain.DrainAgain;
import com.elephantasm.events.benchmarks.drain.DrainLarge;
import com.elephantasm.events.benchmarks.ingest.Ndjson;
import com.elephantasm.events.benchmarks.ingest.PostAsync;
import com.elephantasm.events.benchmarks.ingest.PostStored;
import com.elephantasm.events.benchmarks.ingest.PostStoredMany;
import com.elephantasm.events.benchmarks.query.Queries;
import com.elephantasm.events.benchmarks.service.Heap;
import com.elephantasm.events.benchmarks.service.Start;
import com.elephantasm.events.benchmarks.sink.Connect;
import com.elephantasm.events.benchmarks.sink.ConnectPoison;
import java.util.List;
import java.util.Optional;

/** All scenarios, in the order in which {@code all} runs them. */
final class Scenarios {
  static final List<Scenario> ALL = List.of(new Drain(), new DrainAgain(), new DrainLarge(), new Connect(),
      ConnectPoison.missingContent(), ConnectPoison.duplicate(), Ndjson.overOneConnection(),
      Ndjson.overFourConnections(), PostAsync.againstEmpty(), PostAsync.againstPublish(), PostAsync.tail(),
      new PostStored(), new PostStoredMany(), new Queries(), new Heap(), Start.ofIngest(), Start.ofWriter());

  private Scenarios() {}

  static Optional<Scenario> named(String name) {
    return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
  }
}
