package com.elephantasm.events.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarksCommandTest {
  private final StringWriter out = new StringWriter();
  private final CommandLine command = new CommandLine(new BenchmarksCommand()).setOut(new PrintWriter(out))
      .setErr(new PrintWriter(out));

  @Test
  void the_list_says_what_each_scenario_compares() {
    assertThat(command.execute("list")).isZero();
    assertThat(out.toString().lines()).hasSameSizeAs(Scenarios.ALL)
        .anyMatch(line -> line.matches("drain +The writer .*"));
  }

  @Test
  void the_help_names_every_option_with_its_default() {
    assertThat(command.execute("--help")).isZero();
    assertThat(out.toString()).contains("--events", "1000000", "--pairs", "--seed", "--results", "benchmarks list");
  }

  @Test
  void a_scenario_that_is_not_there_is_answered_with_those_that_are() {
    assertThat(command.execute("drian")).isEqualTo(2);
    assertThat(out.toString()).contains("there is no scenario 'drian', but drain, drain-again");
  }

  @Test
  void a_number_that_makes_no_sense_is_refused_before_anything_is_started() {
    assertThat(command.execute("drain", "--pairs", "0")).isEqualTo(2);
    assertThat(out.toString()).contains("must be at least 1");
  }
}
