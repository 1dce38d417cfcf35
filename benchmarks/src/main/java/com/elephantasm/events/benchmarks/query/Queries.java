package com.elephantasm.events.benchmarks.query;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.client.Load;
import com.elephantasm.events.benchmarks.client.LoadResult;
import com.elephantasm.events.benchmarks.client.Requests;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.StoredEvents;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** How much slower the slowest kind of query is where the store is large and the writer at work. */
public final class Queries implements Scenario {
  private static final int SHARE = 1_000;
  private static final int SMALL = 100_000;
  private static final int LOAD = 1_000; // events/s
  private static final int EVENTS_PER_SPIRIT = 10_000;
  private static final int MOST_SPIRITS = 1_000;

  @Override
  public String name() {
    return "queries";
  }

  @Override
  public String description() {
    return "The worst p99 of newest 50, one session, by id and page 10,000, in a store of --stored events while the writer stores "
        + "%,d events/s, against that of newest 50 in an idle store of 100,000.".formatted(LOAD);
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = Math.max(20, options.events() / SHARE);
    long small = Math.min(SMALL, options.stored());
    Events events = events(options.stored(), options.seed());
    Events few = events(small, options.seed());
    Database large = filled(servers, "large", events, options.stored(), options);
    Database idle = filled(servers, "idle", few, small, options);
    Topic.create(servers.bootstrapServers());
    AtomicLong next = new AtomicLong();
    try (Service busyWriter = servers.startWriter(large, options.writerJvm(), options.writerSettings());
        Service idleWriter = servers.startWriter(idle, options.writerJvm(), another(options))) {
      options.progress().say("walking to the deep pages");
      Map<Kind, List<URI>> queries = new EnumMap<>(Kind.class);
      Samples samples = new Samples(busyWriter.uri(), events, options.stored());
      for (Kind kind : Kind.values()) {
        queries.put(kind, samples.of(kind, count));
      }
      List<URI> first = new Samples(idleWriter.uri(), few, small).of(Kind.NEWEST, count);
      Side ours = new Side("large store, under load", "ms",
          () -> worst(servers, queries, events, next, large, options));
      Side theirs = new Side("newest 50 of a small idle store", "ms", () -> p99("idle, newest 50", first, options));
      return new Paired(name(), ours, theirs, Target.atMost(3)).version("PostgreSQL", servers.postgresVersion())
          .with("stored", options.stored()).with("stored_small", small).with("queries_of_a_kind", count)
          .with("spirits", events.spirits().size()).with("load_events_per_second", LOAD).with("connections", 1)
          .with("writer_jvm", String.join(" ", options.writerJvm())).with("seed", options.seed())
          .run(options.pairs(), options.command(), options.progress());
    }
  }

  /** Few enough spirits that the most active one has 10,000 pages in a store of ten million. */
  private static Events events(long stored, long seed) {
    return new Events(seed, Math.clamp(stored / EVENTS_PER_SPIRIT, 10, MOST_SPIRITS));
  }

  private static Database filled(Servers servers, String name, Events events, long count, Options options)
      throws Exception {
    Database store = servers.newStore(name);
    StoredEvents.fill(store, events, count, options.progress());
    return store;
  }

  /** Of a log of its own, that nobody writes to. */
  private static List<String> another(Options options) {
    List<String> settings = new ArrayList<>(options.writerSettings());
    settings.add("--elephantasm.log.topic=idle.events");
    settings.add("--elephantasm.log.outcomes-topic=idle.outcomes");
    return settings;
  }

  /** @param next the number of the next event to publish */
  private static double worst(Servers servers, Map<Kind, List<URI>> queries, Events events, AtomicLong next,
      Database store, Options options) throws Exception {
    double worst = 0;
    try (PacedLoad load = PacedLoad.start(servers.bootstrapServers(), events, next.get(), LOAD)) {
      for (Map.Entry<Kind, List<URI>> each : queries.entrySet()) {
        worst = Math.max(worst, p99(each.getKey().title(), each.getValue(), options));
      }
      next.set(load.stop());
    }
    // A load that was not stored was none.
    store.awaitApplied(Topic.NAME, next.get());
    return worst;
  }

  private static double p99(String name, List<URI> queries, Options options) throws IOException {
    LoadResult result = Load.closedLoop(queries.getFirst(), 1, queries.stream().map(Requests::get).toList())
        .requireOnly(200);
    options.progress().say("%s: p50 %.2f ms, p99 %.2f ms, slowest %.1f ms", name, result.p50(), result.p99(),
        result.max());
    return result.p99();
  }
}
