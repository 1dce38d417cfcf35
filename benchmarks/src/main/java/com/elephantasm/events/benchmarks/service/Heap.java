package com.elephantasm.events.benchmarks.service;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.ingest.Pipeline;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Jvm;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether the heap that is promised to be enough is: a service that runs out of it ends, and the scenario with it. */
public final class Heap implements Scenario {
  private static final int SHARE = 4;
  private static final int CONNECTIONS = 4;
  private static final String PLENTY = "-Xmx2g";

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public String description() {
    return "NDJSON over 4 connections until all is stored, with %s for the ingest-api and %s for the writer, against %s each."
        .formatted(Jvm.INGEST, Jvm.WRITER_HEAP, PLENTY);
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = count(options);
    Pipeline pipeline = Pipeline.prepare(servers, Events.forAbout(count, options.seed()));
    Path logs = servers.folder("gc");
    Side little = side("promised heap", Jvm.INGEST, Jvm.WRITER_HEAP, pipeline, logs, options);
    Side plenty = side("plenty of heap", PLENTY, PLENTY, pipeline, logs, options);
    return new Paired(name(), little, plenty, Target.atLeast(0.9)).version("PostgreSQL", servers.postgresVersion())
        .with("events", count).with("connections", CONNECTIONS).with("seed", options.seed())
        .with("ingest_jvm", Jvm.INGEST).with("writer_jvm", Jvm.WRITER_HEAP).with("other_jvm", PLENTY)
        .run(options.pairs(), options.command(), options.progress());
  }

  private static Side side(String name, String ingestHeap, String writerHeap, Pipeline pipeline, Path logs,
      Options options) {
    return new Side(name, "events/s", () -> {
      int count = count(options);
      GcLog ingestLog = new GcLog(Files.createTempFile(logs, "ingest-", ".log"));
      GcLog writerLog = new GcLog(Files.createTempFile(logs, "writer-", ".log"));
      try (Pipeline.Running running = pipeline.start(with(options.ingestJvm(), ingestHeap, ingestLog),
          with(options.writerJvm(), writerHeap, writerLog), options.writerSettings())) {
        double seconds = running.upload(count, CONNECTIONS);
        options.progress().say("%s: collections took %.1f %% of the time in the ingest-api, %.1f %% in the writer",
            name,
            ingestLog.pauses() / seconds / 10, writerLog.pauses() / seconds / 10);
        return count / seconds;
      }
    });
  }

  /** Of two sizes of the heap the JVM takes the last. */
  private static List<String> with(List<String> jvm, String heap, GcLog log) {
    List<String> all = new ArrayList<>(jvm);
    all.addAll(List.of(heap, log.option()));
    return all;
  }

  private static int count(Options options) {
    return Math.max(CONNECTIONS, options.events() / SHARE);
  }
}
