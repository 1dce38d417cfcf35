package com.elephantasm.events.benchmarks.drain;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.benchmarks.IntegrationTest;
import com.elephantasm.events.benchmarks.measure.Figures;
import com.elephantasm.events.benchmarks.measure.Report;
import com.elephantasm.events.benchmarks.measure.Result;
import org.junit.jupiter.api.Test;

class DrainTest extends IntegrationTest {
  /** Each side fails by itself where it has not stored every row; how fast either is at this size says nothing. */
  @Test
  void both_sides_store_every_row_and_give_a_figure() throws Exception {
    Result result = new Drain().run(SERVERS, smallest(2_000));
    assertThat(result.scenario()).isEqualTo("drain");
    assertThat(result.sides()).extracting(Figures::name).containsExactly("writer", "COPY");
    assertThat(result.sides()).allSatisfy(side -> {
      assertThat(side.unit()).isEqualTo("events/s");
      assertThat(side.all()).hasSize(1).allSatisfy(figure -> assertThat(figure).isPositive());
    });
    assertThat(result.settings()).containsEntry("events", 2_000).containsEntry("threads", 2);
    assertThat(result.versions()).containsKeys("Java", "Kafka", "PostgreSQL");
    assertThat(Report.json(result)).contains("\"scenario\" : \"drain\"", "\"ratio\" : {", "\"met\" : ");
    assertThat(Report.text(result)).contains("ratio", "target at least 0.8");
  }
}
