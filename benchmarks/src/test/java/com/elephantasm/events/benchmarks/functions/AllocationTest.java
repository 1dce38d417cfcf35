package com.elephantasm.events.benchmarks.functions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Time depends on the machine and on what else it does; the bytes that an event costs do not. */
class AllocationTest {
  /** Bytes per event, a fifth above what was measured: who raises one says why. */
  private static final Map<String, Double> BOUNDS = Map.of("decode", 11_400.0, "validate", 7_600.0, "identify", 1_950.0,
      "encode",
      3_400.0);

  @Test
  void no_function_allocates_more_than_its_bound() throws Exception {
    Map<String, Double> allocated = new TreeMap<>();
    for (RunResult result : briefRun()) {
      String function = result.getParams().getBenchmark().replaceAll(".*\\.", "");
      allocated.put(function, requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm")).getScore());
    }
    assertThat(allocated.keySet()).isEqualTo(BOUNDS.keySet());
    assertThat(allocated).allSatisfy(
        (function, bytes) -> assertThat(bytes).as("bytes per event of " + function).isLessThan(BOUNDS.get(function)));
  }

  private static Collection<RunResult> briefRun() throws Exception {
    // The lock is there for the times, which nobody looks at here.
    System.setProperty("jmh.ignoreLock", "true");
    return new Runner(new OptionsBuilder().include(HotFunctions.class.getName()).addProfiler(GCProfiler.class).forks(1)
        .warmupIterations(1).warmupTime(TimeValue.seconds(2)).measurementIterations(1)
        .measurementTime(TimeValue.seconds(1)).jvmArgsAppend("-Xmx256m", "-XX:+UseSerialGC")
        .verbosity(VerboseMode.SILENT).build()).run();
  }
}
