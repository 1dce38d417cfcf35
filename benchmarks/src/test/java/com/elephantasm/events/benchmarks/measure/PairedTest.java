package com.elephantasm.events.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PairedTest {
  private final List<String> runs = new ArrayList<>();
  private final Progress silence = new Progress(
      new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  @Test
  void the_sides_run_in_turn_and_the_first_pair_does_not_count() throws Exception {
    Result result = paired(side("A", 1, 80, 90), side("B", 1, 100, 100)).run(new Pairs(2, true), "drain", silence);
    assertThat(runs).containsExactly("A", "B", "A", "B", "A", "B");
    assertThat(result.sides()).extracting(Figures::all).containsExactly(List.of(80.0, 90.0), List.of(100.0, 100.0));
    assertThat(result.ratio()).isEqualTo(new Ratio(0.85, 0.8, 0.9));
    assertThat(result.met()).isTrue();
  }

  @Test
  void without_a_warm_up_every_pair_counts_and_the_result_says_so() throws Exception {
    Result result = paired(side("A", 80), side("B", 100)).run(new Pairs(1, false), "drain", silence);
    assertThat(runs).containsExactly("A", "B");
    assertThat(result.sides()).extracting(Figures::all).containsExactly(List.of(80.0), List.of(100.0));
    assertThat(result.notes()).singleElement().asString().startsWith("Nothing was warmed up");
  }

  @Test
  void a_run_without_a_figure_fails_the_scenario() {
    assertThatThrownBy(() -> paired(side("A", 1, 0), side("B", 1, 1)).run(new Pairs(1, true), "drain", silence))
        .isInstanceOf(IllegalStateException.class).hasMessageStartingWith("A gave 0.0");
  }

  @Test
  void the_json_says_what_was_measured_and_where() throws Exception {
    Result result = paired(side("A", 1, 80), side("B", 1, 160)).with("events", 2_000).version("PostgreSQL", "18")
        .note("both are warm").run(new Pairs(1, true), "drain --pairs 1", silence);
    JsonNode json = new JsonMapper().readTree(Report.json(result));
    assertThat(json.path("scenario").asString()).isEqualTo("drain");
    assertThat(json.path("command").asString()).isEqualTo("drain --pairs 1");
    assertThat(json.path("sides").path(1)).isEqualTo(new JsonMapper().readTree("""
        {"name": "B", "unit": "events/s", "all": [160.0], "median": 160.0}
        """));
    assertThat(json.path("ratio"))
        .isEqualTo(new JsonMapper().readTree("{\"median\": 0.5, \"min\": 0.5, \"max\": 0.5}"));
    assertThat(json.path("target"))
        .isEqualTo(new JsonMapper().readTree("{\"direction\": \"AT_LEAST\", \"bound\": 0.8}"));
    assertThat(json.path("met").asBoolean()).isFalse();
    assertThat(json.path("machine").path("cores").asInt()).isPositive();
    assertThat(json.path("machine").path("memory").asLong()).isPositive();
    assertThat(json.path("versions").path("PostgreSQL").asString()).isEqualTo("18");
    assertThat(json.path("settings").path("events").asInt()).isEqualTo(2_000);
    assertThat(json.path("date").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    assertThat(Report.read(Report.json(result))).isEqualTo(result);
  }

  private static Paired paired(Side first, Side second) {
    return new Paired("drain", first, second, Target.atLeast(0.8));
  }

  /** The first figure is that of the warm-up, where there is one. */
  private Side side(String name, double... figures) {
    Iterator<Double> next = Arrays.stream(figures).iterator();
    return new Side(name, "events/s", () -> {
      runs.add(name);
      return next.next();
    });
  }
}
