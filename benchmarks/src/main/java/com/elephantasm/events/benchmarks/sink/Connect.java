package com.elephantasm.events.benchmarks.sink;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.drain.Draining;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.util.UUID;

/** The writer against the sink that one would take instead. */
public final class Connect implements Scenario {
  @Override
  public String name() {
    return "connect";
  }

  @Override
  public String description() {
    return "The writer drains a full topic into an empty store, against Debezium's JDBC sink on Kafka Connect with as many tasks, "
        + "upserting the same records by key into the same table.";
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    Draining draining = Draining.prepare(servers, options);
    Database empty = servers.newStore("empty");
    Database emptyOfSink = DebeziumSink.newStore(servers, "empty_of_sink");
    UUID[] last = LastRows.of(draining.events(), options.events());
    Side writer = new Side("writer", "events/s", () -> draining.rate(empty, options.events()));
    Side sink = new Side("Debezium JDBC sink", "events/s", () -> drain(servers, emptyOfSink, last, options));
    return draining.run(new Paired(name(), writer, sink, Target.atLeast(1.3))
        .version("Debezium", DebeziumSink.version()).with("sink_jvm", String.join(" ", DebeziumSink.JVM))
        .with("sink_worker", DebeziumSink.WORKER)
        .with("sink_settings", DebeziumSink.withoutPlaces(DebeziumSink.settings(emptyOfSink, options.threads())))
        .note("The sink's worker is a new process in each run, too, and warms up within its figure.")
        .note("The sink's converter reads the same JSON and knows its schema; it checks nothing."));
  }

  private static double drain(Servers servers, Database empty, UUID[] last, Options options) throws Exception {
    Database store = servers.copy(empty, "run");
    try (ConnectWorker worker = DebeziumSink.startWorker(servers)) {
      // Its consumers are a group of the connector's name.
      String connector = "sink-" + UUID.randomUUID();
      worker.create(connector, DebeziumSink.settings(store, options.threads()));
      double rate = new SinkWatch(store, last).await(() -> worker.requireRunning(connector));
      long stored = store.number("SELECT count(*) FROM events");
      if (stored != options.events()) {
        throw new IllegalStateException("the sink has stored %,d events, not %,d".formatted(stored, options.events()));
      }
      return rate;
    } finally {
      servers.drop(store);
    }
  }
}
