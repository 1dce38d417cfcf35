package com.elephantasm.events.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.benchmarks.measure.Report;
import com.elephantasm.events.benchmarks.measure.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each at the smallest size. A side fails by itself where not every event was taken, or stored; how fast it is says nothing here. */
class ScenariosTest {
  @TempDir
  private Path results;

  @ParameterizedTest
  @CsvSource({"ndjson,events/s", "ndjson-four,events/s", "post-async,requests/s", "post-async-publish,requests/s",
      "post-async-p99,ms", "post-stored,ms", "post-stored-many,requests/s", "queries,ms", "heap,events/s",
      "start-ingest,s", "start-writer,s", "connect,events/s"})
  void a_scenario_runs_both_sides_on_real_servers(String name, String unit) throws Exception {
    Result result = run(name);
    assertThat(result.scenario()).isEqualTo(name);
    assertThat(result.sides()).hasSize(2).allSatisfy(side -> {
      assertThat(side.unit()).isEqualTo(unit);
      assertThat(side.all()).hasSize(1).allSatisfy(figure -> assertThat(figure).isPositive());
    });
    assertThat(result.ratio().median()).isPositive();
  }

  @Test
  void a_record_without_content_is_a_dead_letter_of_the_writer_and_the_end_of_a_task_of_the_sink() throws Exception {
    Result result = run("connect-poison");
    assertThat(result.sides().getFirst().all()).containsExactly(2000.0);
    assertThat(result.sides().getLast().median()).isLessThan(2000.0);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("writer: 2,000 of 2,000") && note.contains("invalid"))
        .anyMatch(note -> note.contains("is FAILED") && note.contains("null value in column"));
  }

  @Test
  void a_record_that_comes_twice_is_nothing_to_the_writer_and_the_end_of_a_task_of_the_sink() throws Exception {
    Result result = run("connect-duplicate");
    assertThat(result.sides().getFirst().all()).containsExactly(2000.0);
    assertThat(result.sides().getLast().median()).isLessThan(2000.0);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("writer: 2,000 of 2,000") && note.contains("none"))
        .anyMatch(note -> note.contains("is FAILED") && note.contains("ON CONFLICT DO UPDATE"));
  }

  private Result run(String name) throws Exception {
    int code = new CommandLine(new BenchmarksCommand()).setExitCodeExceptionMapper(_ -> 2).execute(name, "--events",
        "2000", "--stored", "3000", "--pairs", "1", "--results", results.toString());
    assertThat(code).isBetween(0, 1);
    return Report.read(Files.readString(results.resolve(name + ".json")));
  }
}
