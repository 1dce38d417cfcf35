package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.load.StoredEvents;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;

/** The writer must stay as fast as the store grows. */
public final class DrainLarge implements Scenario {
  @Override
  public String name() {
    return "drain-large";
  }

  @Override
  public String description() {
    return "The writer drains a full topic into a store that has --stored events before, against an empty one.";
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    Draining draining = Draining.prepare(servers, options);
    Database empty = servers.newStore("empty");
    Database large = servers.newStore("large");
    StoredEvents.fill(large, draining.events(), options.stored(), options.progress());
    options.progress().say("the store takes %,d MB", large.number("SELECT pg_database_size('large')") / 1_000_000);
    long expected = options.stored() + options.events();
    Side into = new Side("into the large store", "events/s", () -> draining.rate(large, expected));
    Side intoEmpty = new Side("into an empty store", "events/s", () -> draining.rate(empty, options.events()));
    return draining.described(new Paired(name(), into, intoEmpty, Target.atLeast(0.85)))
        .with("stored", options.stored())
        .note("The writer is a new process in each run, and warms up within its figure.")
        .note("The large store is a copy of the same files in each run; its events are of the same spirits.")
        .run(options.pairs(), options.command(), options.progress());
  }
}
