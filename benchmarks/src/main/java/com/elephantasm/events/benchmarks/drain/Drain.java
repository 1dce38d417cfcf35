package com.elephantasm.events.benchmarks.drain;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The writer against the least that storing takes: COPY of the rows that its first run made. */
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
    AtomicReference<@Nullable CopiedRows> rows = new AtomicReference<>();
    Side writer = new Side("writer", "events/s", () -> draining.rate(empty, options.events(), store -> {
      if (rows.get() == null) {
        rows.set(CopiedRows.of(store));
      }
    }));
    Side copy = new Side("COPY", "events/s",
        () -> copy(requireNonNull(rows.get()), servers, empty, options.threads()));
    return draining.run(new Paired(name(), writer, copy, Target.atLeast(0.8))
        .with("copy_rows_per_transaction", CopiedRows.BATCH)
        .note("COPY sends rows that are ready in memory, in binary, %,d a transaction, ordered by id within each."
            .formatted(CopiedRows.BATCH)));
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
