package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;

/** What is there already must not cost what it cost at first. */
public final class DrainAgain implements Scenario {
  @Override
  public String name() {
    return "drain-again";
  }

  @Override
  public String description() {
    return "The writer drains the same topic into the store that has all of it, against the first drain.";
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    Draining draining = Draining.prepare(servers, options);
    Database empty = servers.newStore("empty");
    options.progress().say("draining once, for the store that has everything");
    Database full = servers.copy(empty, "full");
    draining.drain(full, options.events());
    // The positions would not move, and they are what the time is taken by.
    full.execute("UPDATE log_partitions SET next_offset = 0");
    full.execute("VACUUM (ANALYZE)");
    Side again = new Side("all duplicates", "events/s", () -> draining.rate(full, options.events()));
    Side first = new Side("first drain", "events/s", () -> draining.rate(empty, options.events()));
    return draining.described(new Paired(name(), again, first, Target.atLeast(2)))
        .note("The writer is a new process in each run, and warms up within its figure.")
        .run(options.pairs(), options.command(), options.progress());
  }
}
