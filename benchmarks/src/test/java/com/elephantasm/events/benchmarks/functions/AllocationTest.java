package com.elephantasm.events.benchmarks.functions;

import static java.util.Map.entry;
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
  private static final Map<String, Integer> BOUNDS = Map.ofEntries(
      entry("decode", 8_900),
      entry("validate", 6_200),
      entry("identify", 1_650),
      entry("encode", 3_400));

  @Test
  void no_function_allocates_more_than_its_bound() throws Exception {
    Map<String, Double> allocated = new TreeMap<>();
    for (RunResult result : briefRun()) {
      String function = result.getParams().getBenchmark().replaceAll(".*\\.", "");
      allocated.put(function, requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm")).getScore());
    }
    assertThat(allocated.keySet()).isEqualTo(BOUNDS.keySet());
    assertThat(allocated).allSatisfy(
        (function, bytes) -> assertThat(bytes).as("bytes per event of " + function)
            .isLessThan(BOUNDS.getOrDefault(function, 0)));
  }

  private static Collection<RunResult> briefRun() throws Exception {
    // The lock is there for the times, which nobody looks at here.
    System.setProperty("jmh.ignoreLock", "true");
    return new Runner(new OptionsBuilder().include(HotFunctions.class.getName()).addProfiler(GCProfiler.class).forks(1)
        .warmupIterations(1).warmupTime(TimeValue.seconds(2)).measurementIterations(1)
        .measurementTime(TimeValue.seconds(1))
        .jvmArgs("-Xmx256m", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow")
        .verbosity(VerboseMode.SILENT).build()).run();
  }
}
