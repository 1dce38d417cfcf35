package com.elephantasm.events.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PartitionMetersTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final PartitionMeters meters = new PartitionMeters(registry, () -> 2);

  private Map<String, Double> lags() {
    return registry.find("elephantasm.log.lag").gauges().stream()
        .collect(Collectors.toMap(gauge -> String.valueOf(gauge.getId().getTag("partition")), gauge -> gauge.value()));
  }

  @Test
  void a_partition_that_is_given_away_has_no_lag_any_more() {
    meters.observed(Set.of(0, 1), Map.of(0, 10L, 1, 20L), Map.of(0, 10L, 1, 5L));
    assertThat(lags()).isEqualTo(Map.of("0", 0.0, "1", 15.0));
    meters.observed(Set.of(0), Map.of(0, 12L), Map.of(0, 10L));
    assertThat(lags()).isEqualTo(Map.of("0", 2.0));
    meters.observed(Set.of(), Map.of(), Map.of());
    assertThat(lags()).isEmpty();
  }

  @Test
  void while_the_database_is_away_the_lag_grows_from_where_the_store_was() {
    meters.observed(Set.of(0), Map.of(0, 10L), Map.of(0, 7L));
    meters.observed(Set.of(0), Map.of(0, 110L), Map.of());
    assertThat(lags()).isEqualTo(Map.of("0", 103.0));
  }

  @Test
  void while_kafka_is_away_nobody_knows_and_then_it_is_as_before() {
    meters.observed(Set.of(0), Map.of(0, 10L), Map.of(0, 7L));
    meters.observed(Set.of(0), Map.of(), Map.of());
    assertThat(lags()).isEmpty();
    meters.observed(Set.of(0), Map.of(0, 10L), Map.of());
    assertThat(lags()).isEqualTo(Map.of("0", 3.0));
  }

  @Test
  void a_partition_taken_over_while_the_database_is_away_has_no_lag_that_is_known() {
    meters.observed(Set.of(1), Map.of(1, 10L), Map.of());
    assertThat(lags()).isEmpty();
  }
}
