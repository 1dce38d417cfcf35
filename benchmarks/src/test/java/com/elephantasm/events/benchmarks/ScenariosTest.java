package com.elephantasm.events.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.measure.Figures;
import com.elephantasm.events.benchmarks.measure.Pairs;
import com.elephantasm.events.benchmarks.measure.Report;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.servers.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Every scenario at the smallest size, without a warm-up. A side fails by itself where not every event was taken, or stored; how
 * fast it is says nothing here.
 */
class ScenariosTest extends IntegrationTest {
  private static final int EVENTS = 2_000;
  /** Those that have a test of their own. */
  private static final List<String> OTHERS = List.of("drain", "connect-poison", "connect-duplicate");

  static Stream<String> names() {
    return Scenarios.ALL.stream().map(Scenario::name).filter(name -> !OTHERS.contains(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_scenario_runs_both_sides_on_real_servers(String name) throws Exception {
    assertHasFigures(run(name), name);
  }

  private static void assertHasFigures(Result result, String name) {
    assertThat(result.scenario()).isEqualTo(name);
    assertThat(result.sides()).hasSize(2).allSatisfy(
        side -> assertThat(side.all()).hasSize(1).allSatisfy(figure -> assertThat(figure).isPositive()));
    assertThat(result.ratio().median()).isPositive();
  }

  @Test
  void the_command_starts_servers_of_its_own_and_writes_the_result(@TempDir Path results) throws Exception {
    int code = new CommandLine(new BenchmarksCommand()).setExitCodeExceptionMapper(_ -> 2).execute("drain",
        "--events", "2000", "--pairs", "1", "--no-warm-up", "--no-flush", "--writer-jvm",
        String.join(" ", jvm("drain", "writer", Jvm.WRITER_HEAP)),
        "--results", results.toString());
    assertThat(code).isBetween(0, 1);
    Result result = Report.read(Files.readString(results.resolve("drain.json")));
    assertHasFigures(result, "drain");
    assertThat(result.sides()).extracting(Figures::name).containsExactly("writer", "COPY");
    assertThat(result.settings()).containsEntry("events", 2_000).containsEntry("threads", 2)
        .containsEntry("kafka_flushes_each_batch", false).containsKey("postgres_settings");
    assertThat(result.versions()).containsKeys("Java", "Kafka", "PostgreSQL");
    assertThat(Report.text(result)).contains("ratio", "target at least 0.8");
  }

  @Test
  void a_record_without_content_is_a_dead_letter_of_the_writer_and_the_end_of_a_task_of_the_sink() throws Exception {
    Result result = run("connect-poison");
    assertThat(result.sides().getFirst().all()).containsExactly((double) EVENTS);
    assertThat(result.sides().getLast().median()).isLessThan(EVENTS);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("writer: 2,000 of 2,000") && note.contains("invalid"))
        .anyMatch(note -> note.contains("is FAILED") && note.contains("null value in column"));
  }

  @Test
  void a_record_that_comes_twice_is_nothing_to_the_writer_and_the_end_of_a_task_of_the_sink() throws Exception {
    Result result = run("connect-duplicate");
    assertThat(result.sides().getFirst().all()).containsExactly((double) EVENTS);
    assertThat(result.sides().getLast().median()).isLessThan(EVENTS);
    assertThat(result.notes()).anyMatch(note -> note.startsWith("writer: 2,000 of 2,000") && note.contains("none"))
        .anyMatch(note -> note.contains("is FAILED") && note.contains("ON CONFLICT DO UPDATE"));
  }

  private static Result run(String name) throws Exception {
    return Scenarios.named(name).orElseThrow().run(SERVERS, new Options(EVENTS, 3_000, new Pairs(1, false), 2, 1,
        Events.CONTENT, jvm(name, "writer", Jvm.WRITER_HEAP), List.of(), jvm(name, "ingest", Jvm.INGEST), 1, name,
        PROGRESS));
  }

  /** With what it takes to start fast, which is most of what there is to do here. */
  private static List<String> jvm(String scenario, String service, String heap) throws IOException {
    List<String> options = new ArrayList<>(List.of(heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // Those that measure a start say themselves what it begins with.
    if (!scenario.startsWith("start-")) {
      Path archive = SERVERS.folder("archives").resolve(service + ".jsa");
      options.addAll(List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off",
          "-Xlog:cds+dynamic=off"));
    }
    return options;
  }
}
