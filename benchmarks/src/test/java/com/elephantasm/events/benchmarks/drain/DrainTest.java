package com.elephantasm.events.benchmarks.drain;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.benchmarks.BenchmarksCommand;
import com.elephantasm.events.benchmarks.measure.Figures;
import com.elephantasm.events.benchmarks.measure.Report;
import com.elephantasm.events.benchmarks.measure.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrainTest {
  @TempDir
  private Path results;

  /** Each side fails by itself where it has not stored every row; how fast either is at this size says nothing. */
  @Test
  void the_command_runs_both_sides_on_real_servers_and_writes_their_figures() throws Exception {
    int code = new CommandLine(new BenchmarksCommand()).setExitCodeExceptionMapper(_ -> 2).execute("drain", "--events",
        "2000", "--pairs", "1", "--writer-jvm", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1", "--results",
        results.toString());
    assertThat(code).isBetween(0, 1);
    Result result = Report.read(Files.readString(results.resolve("drain.json")));
    assertThat(result.scenario()).isEqualTo("drain");
    assertThat(result.sides()).extracting(Figures::name).containsExactly("writer", "COPY");
    assertThat(result.sides()).allSatisfy(side -> {
      assertThat(side.unit()).isEqualTo("events/s");
      assertThat(side.all()).hasSize(1).allSatisfy(figure -> assertThat(figure).isPositive());
    });
    assertThat(result.settings()).containsEntry("events", 2000).containsEntry("threads", 2);
    assertThat(result.versions()).containsKeys("Java", "Kafka", "PostgreSQL");
    assertThat(result.command()).startsWith("drain --events 2000");
  }
}
