package com.elephantasm.events.benchmarks.service;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Jvm;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.util.List;

/** From the start of a service's process until it says that it is ready, with its topics and its database in place. */
public final class Start implements Scenario {
  private static final double BOUND = 4; // seconds

  private final String service;
  private final Way way;

  private Start(String service, Way way) {
    this.service = service;
    this.way = way;
  }

  private interface Way {
    Service start(Servers servers, Database store, Options options) throws InterruptedException;
  }

  public static Start ofIngest() {
    return new Start("ingest-api", (servers, _, _) -> servers.startIngest(List.of(Jvm.INGEST), List.of()));
  }

  public static Start ofWriter() {
    return new Start("event-writer",
        (servers, store, options) -> servers.startWriter(store, options.writerJvm(), options.writerSettings()));
  }

  @Override
  public String name() {
    return service.equals("ingest-api") ? "start-ingest" : "start-writer";
  }

  @Override
  public String description() {
    return "Start to ready of the %s, against the bound of %.0f seconds.".formatted(service, BOUND);
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    Database store = servers.newStore("store");
    Topic.create(servers.bootstrapServers());
    Side start = new Side(service, "s", () -> {
      long begin = System.nanoTime();
      try (Service _ = way.start(servers, store, options)) {
        return (System.nanoTime() - begin) / 1e9;
      }
    });
    return new Paired(name(), start, new Side("the bound", "s", () -> BOUND), Target.atMost(1))
        .version("PostgreSQL", servers.postgresVersion()).with("ingest_jvm", Jvm.INGEST)
        .with("writer_jvm", String.join(" ", options.writerJvm()))
        .note("The second side is a promise and not measured.")
        .run(options.pairs(), options.command(), options.progress());
  }
}
