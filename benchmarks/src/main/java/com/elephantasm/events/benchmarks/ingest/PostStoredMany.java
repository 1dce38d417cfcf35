package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.util.List;

/** Single events over 64 connections, each answered when it is stored, against the same answered when the log has them. */
public final class PostStoredMany implements Scenario {
  private static final int CONNECTIONS = 64;
  private static final int SHARE = 20;

  @Override
  public String name() {
    return "post-stored-many";
  }

  @Override
  public String description() {
    return "Single POSTs that wait for the store over 64 connections, against the same with respond-async. The writer stores the "
        + "events of both.";
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = Math.max(CONNECTIONS, options.events() / SHARE);
    Database store = servers.newStore("store");
    try (Intake intake = Intake.open(servers, options, count);
        Service _ = servers.startWriter(store, options.writerJvm(), options.writerSettings())) {
      Side stored = side("stored", intake, store, List.of(), count, 201);
      Side accepted = side("respond-async", intake, store, Intake.RESPOND_ASYNC, count, 202);
      return intake.described(new Paired(name(), stored, accepted, Target.atLeast(0.5)), count)
          .version("PostgreSQL", servers.postgresVersion()).with("connections", CONNECTIONS)
          .run(options.pairs(), options.command(), options.progress());
    }
  }

  private static Side side(String name, Intake intake, Database store, List<String> headers, int count, int status) {
    return new Side(name, "requests/s", () -> {
      double rate = intake.post(CONNECTIONS, headers, count, status).rate();
      intake.requireStored(store);
      return rate;
    });
  }
}
