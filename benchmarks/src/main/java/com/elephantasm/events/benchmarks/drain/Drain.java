package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;

/** The writer against the least that storing takes. */
public final class Drain implements Scenario {
  @Override
  public String name() {
    return "drain";
  }

  @Override
  public String description() {
    return "The writer drains a full topic into an empty store, against COPY of the same rows over as many connections.";
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    Draining draining = Draining.prepare(servers, options);
    Database empty = servers.newStore("empty");
    CopiedRows rows = rows(servers, draining, empty, options);
    Side writer = new Side("writer", "events/s", () -> draining.rate(empty, options.events()));
    Side copy = new Side("COPY", "events/s", () -> copy(rows, servers, empty, options.threads()));
    return draining.described(new Paired(name(), writer, copy, Target.atLeast(0.8)))
        .with("copy_rows_per_transaction", CopiedRows.BATCH)
        .note("The writer is a new process in each run, and warms up within its figure.")
        .note("COPY sends rows that are ready in memory, in binary, %,d a transaction, ordered by id within each."
            .formatted(CopiedRows.BATCH))
        .run(options.pairs(), options.command(), options.progress());
  }

  /** Those that the writer makes of the topic. */
  private static CopiedRows rows(Servers servers, Draining draining, Database empty, Options options) throws Exception {
    options.progress().say("draining once, for the rows that COPY copies");
    Database full = servers.copy(empty, "full");
    try {
      draining.drain(full, options.events());
      return CopiedRows.of(full);
    } finally {
      servers.drop(full);
    }
  }

  private static double copy(CopiedRows rows, Servers servers, Database empty, int connections) throws Exception {
    Database store = servers.copy(empty, "run");
    try {
      return rows.copyInto(store, connections);
    } finally {
      servers.drop(store);
    }
  }
}
