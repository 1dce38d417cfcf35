package com.elephantasm.events.benchmarks.service;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Installation;
import com.elephantasm.events.benchmarks.servers.Jvm;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.writer.WriterApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * From the start of a service's process until it says that it is ready, with its topics and its database in place. It has the AOT
 * cache that operating.md recommends, made by a start before.
 */
public final class Start implements Scenario {
  private static final double BOUND = 4; // seconds

  private final String name;
  private final String service;
  private final Class<?> main;
  private final Function<Options, List<String>> jvm;
  private final Function<Options, List<String>> settings;

  private Start(String name, String service, Class<?> main, Function<Options, List<String>> jvm,
      Function<Options, List<String>> settings) {
    this.name = name;
    this.service = service;
    this.main = main;
    this.jvm = jvm;
    this.settings = settings;
  }

  public static Start ofIngest() {
    return new Start("start-ingest", "ingest-api", IngestApplication.class, _ -> List.of(Jvm.INGEST), _ -> List.of());
  }

  public static Start ofWriter() {
    return new Start("start-writer", "event-writer", WriterApplication.class, Options::writerJvm,
        Options::writerSettings);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "Start to ready of the %s with an AOT cache, against the bound of %.0f seconds.".formatted(service, BOUND);
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    Database store = servers.newStore("store");
    Topic.create(servers.bootstrapServers());
    Installation installation = Installation.of(main, servers.folder("jars"));
    Path cache = servers.folder("cache").resolve("aot");
    List<String> notes = new ArrayList<>(List.of("The second side is a promise and not measured."));
    if (options.pairs().warmedUp()) {
      notes.add("Without the cache it took %.1f s, once.".formatted(seconds(servers, installation, store, options)));
    }
    // What it did until it was ready is written down as it ends.
    seconds(servers, installation, store, options, "-XX:AOTCacheOutput=" + cache);
    Side start = new Side(service, "s",
        // Without "on", a cache that does not fit would be left aside.
        () -> seconds(servers, installation, store, options, "-XX:AOTCache=" + cache, "-XX:AOTMode=on"));
    Paired paired = new Paired(name, start, new Side("the bound", "s", () -> BOUND), Target.atMost(1))
        .version("PostgreSQL", servers.postgresVersion()).with("jvm", String.join(" ", jvm.apply(options)));
    notes.forEach(paired::note);
    return paired.run(options.pairs(), options.command(), options.progress());
  }

  private double seconds(Servers servers, Installation installation, Database store, Options options, String... aot)
      throws InterruptedException {
    List<String> all = new ArrayList<>(jvm.apply(options));
    all.addAll(List.of(aot));
    long begin = System.nanoTime();
    try (Service _ = servers.startInstalled(installation, store, all, settings.apply(options))) {
      return (System.nanoTime() - begin) / 1e9;
    }
  }
}
