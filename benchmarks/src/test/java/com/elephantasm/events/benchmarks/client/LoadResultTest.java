package com.elephantasm.events.benchmarks.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadResultTest {
  private static LoadResult of100() {
    return LoadResult.of(Map.of(202, 100L), 2_000_000_000L,
        LongStream.rangeClosed(1, 100).map(i -> (101 - i) * 1_000_000).toArray());
  }

  @Test
  void quantiles_are_the_smallest_times_that_so_many_did_not_exceed() {
    assertThat(of100().p50()).isEqualTo(50);
    assertThat(of100().p99()).isEqualTo(99);
    assertThat(of100().max()).isEqualTo(100);
  }

  @Test
  void the_rate_is_that_of_all_responses() {
    assertThat(of100().rate()).isEqualTo(50);
  }

  @Test
  void another_status_than_the_one_that_is_required_is_no_result() {
    assertThatIllegalStateException().isThrownBy(() -> of100().requireOnly(201)).withMessageContaining("202=100");
  }
}
