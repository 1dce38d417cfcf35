package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A filled topic that the writer drains again and again, each time as another group and into a store that is copied for it. */
public final class Draining {
  private static final int SAMPLE = 1_000;

  private final Servers servers;
  private final Options options;
  private final Events events;
  private final long records;
  private final Map<String, List<Long>> secondHalves = new LinkedHashMap<>();
  private final Map<String, List<Cost>> costs = new LinkedHashMap<>();
  private int runs;
  private @Nullable Cost lastCost;

  private Draining(Servers servers, Options options, Events events, long records) {
    this.servers = servers;
    this.options = options;
    this.events = events;
    this.records = records;
  }

  public static Draining prepare(Servers servers, Options options) throws InterruptedException {
    Events events = Events.forAbout(options.events(), options.seed(), options.content());
    options.progress().say("publishing %,d events of %,d spirits", options.events(), events.spirits().size());
    return new Draining(servers, options, events,
        Topic.fill(servers.bootstrapServers(), events, options.events()));
  }

  public Events events() {
    return events;
  }

  /**
   * Drains the topic into a copy of the store, which is dropped afterwards.
   *
   * @param expected how many events are there then
   * @return events/s
   */
  public double rate(Database original, long expected) throws Exception {
    return rate(original, expected, _ -> {});
  }

  /** What is done with a store after its run and before it is dropped; its time does not count. */
  @FunctionalInterface
  interface Afterwards {
    void accept(Database store) throws Exception;
  }

  double rate(Database original, long expected, Afterwards afterwards) throws Exception {
    Database store = servers.copy(original, "run");
    try {
      Watch.Drained drained = drain(store, expected);
      secondHalves.computeIfAbsent(original.name(), _ -> new ArrayList<>()).add(Math.round(drained.rateOfSecondHalf()));
      if (lastCost != null) {
        costs.computeIfAbsent(original.name(), _ -> new ArrayList<>()).add(lastCost);
      }
      afterwards.accept(store);
      return drained.rate() * options.events() / records;
    } finally {
      servers.drop(store);
    }
  }

  /**
   * Drains the topic into the store itself. The writer is a new process, and the time from its first commit to its last counts:
   * that it warms up in this time is a part of the figure.
   *
   * @param expected how many events are there then
   */
  Watch.Drained drain(Database store, long expected) throws Exception {
    List<String> settings = new ArrayList<>(options.writerSettings());
    settings.add("--elephantasm.writer.group=run-" + ++runs);
    settings.add("--elephantasm.writer.threads=" + options.threads() / options.writers());
    FutureTask<Watch.Drained> watch = new FutureTask<>(() -> new Watch(store, records).await());
    Thread.ofPlatform().name("watch").daemon().start(watch);
    Watch.Drained drained;
    try (Writers writers = Writers.start(servers, store, options, settings)) {
      Cost ready = Cost.now(servers, store, writers);
      drained = result(watch, writers);
      lastCost = ready.until(Cost.now(servers, store, writers));
    } finally {
      watch.cancel(true);
    }
    options.progress().say("the writer drained %,d records in %.1f s, the second half at %,.0f/s", records,
        drained.seconds(), drained.rateOfSecondHalf());
    requireStored(store, expected);
    return drained;
  }

  private static Watch.Drained result(FutureTask<Watch.Drained> watch, Writers writers) throws Exception {
    try {
      return watch.get();
    } catch (ExecutionException e) {
      writers.requireRunning();
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** A figure of a run that lost something, or put it aside, is none. */
  private static void requireStored(Database store, long expected) throws SQLException {
    long stored = store.number("SELECT count(*) FROM events");
    long letters = store.number("SELECT count(*) FROM dead_letters");
    if (stored != expected || letters > 0) {
      throw new IllegalStateException(
          "the store has %,d events and not %,d, and %,d dead letters".formatted(stored, expected, letters));
    }
  }

  /** Runs both sides, and adds what every scenario here has to say. */
  public Result run(Paired pairs) throws Exception {
    Result result = pairs.version("PostgreSQL", servers.postgresVersion()).with("events", options.events())
        .with("spirits", events.spirits().size()).with("seed", options.seed())
        .with("mean_bytes_of_json", Math.round(Topic.meanSize(events, Math.min(SAMPLE, options.events()))))
        .with("partitions", Topic.PARTITIONS).with("threads", options.threads()).with("writers", options.writers())
        .with("writer_jvm", String.join(" ", options.writerJvm()))
        .with("writer_settings", String.join(" ", options.writerSettings()))
        .note("The writer is a new process in each run, and warms up within its figure.")
        .run(options.pairs(), options.command(), options.progress());
    for (Map.Entry<String, List<Long>> store : secondHalves.entrySet()) {
      result = result.noting("The second half of each run into a copy of '%s', the warm-up's first: %s records/s."
          .formatted(store.getKey(), store.getValue()));
    }
    for (Map.Entry<String, List<Cost>> store : costs.entrySet()) {
      result = result.noting("Into a copy of '%s', %s.".formatted(store.getKey(), Cost.medians(store.getValue())));
    }
    return result;
  }
}
