package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.client.LoadResult;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.util.List;

/** Single events over one connection, each answered when it is stored, against the two steps that this cannot do without. */
public final class PostStored implements Scenario {
  private static final int SHARE = 500;
  /** One connection would need an hour to get both services compiled. */
  private static final int WARM_UP_CONNECTIONS = 64;
  private static final int WARM_UP = 20;

  @Override
  public String name() {
    return "post-stored";
  }

  @Override
  public String description() {
    return "The p50 of single POSTs that wait for the store, over one connection, against the p50 of one produce with acks=all "
        + "plus that of one INSERT with its commit, each measured alone.";
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = Math.max(10, options.events() / SHARE);
    Database store = servers.newStore("store");
    Database other = servers.newStore("other");
    LogEnd topic = new LogEnd(servers.bootstrapServers(), "bare").created();
    try (Intake intake = Intake.open(servers, options, count);
        Service _ = servers.startWriter(store, options.writerJvm(), options.writerSettings());
        SingleSteps steps = new SingleSteps(other, topic, intake.events())) {
      if (options.pairs().warmedUp()) {
        intake.post(WARM_UP_CONNECTIONS, List.of(), WARM_UP * count, 201);
      }
      Side ours = new Side("ingest-api and event-writer, stored", "ms", () -> {
        LoadResult result = intake.post(1, List.of(), count, 201);
        intake.requireStored(store);
        return result.p50();
      });
      Side alone = new Side("one produce and one INSERT, each alone", "ms", () -> {
        double produce = steps.produce(count);
        double insert = steps.insert(count);
        options.progress().say("alone: produce p50 %.2f ms, INSERT p50 %.2f ms", produce, insert);
        return produce + insert;
      });
      return intake.described(new Paired(name(), ours, alone, Target.atMost(3)), count)
          .version("PostgreSQL", servers.postgresVersion()).with("connections", 1)
          .note("Before, %d connections have sent %d times as many events: services run for longer than this does."
              .formatted(WARM_UP_CONNECTIONS, WARM_UP))
          .run(options.pairs(), options.command(), options.progress());
    }
  }
}
