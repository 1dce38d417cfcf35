package com.elephantasm.events.benchmarks.functions;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link HotFunctions}, each in JVMs of its own, with the bytes that it allocates ({@code -prof gc}). */
public final class Functions {
  private Functions() {}

  /** @param results the folder for JMH's own JSON, or null */
  public static void run(@Nullable Path results) throws Exception {
    ChainedOptionsBuilder options = new OptionsBuilder().include(HotFunctions.class.getName())
        .addProfiler(GCProfiler.class);
    if (results != null) {
      Files.createDirectories(results);
      options.resultFormat(ResultFormatType.JSON).result(results.resolve("jmh.json").toString());
    }
    new Runner(options.build()).run();
  }
}
