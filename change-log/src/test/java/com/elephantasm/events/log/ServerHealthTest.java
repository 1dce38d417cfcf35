package com.elephantasm.events.log;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServerHealthTest {
  private final ServerHealth servers = new ServerHealth();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();

  private Health askedAndAnswered() throws InterruptedException {
    asked.incrementAndGet();
    hanging.await();
    return Health.up().build();
  }

  private static Status status(HealthIndicator health) {
    return requireNonNull(health.health()).getStatus();
  }

  @Test
  void a_server_that_says_nothing_is_down_and_asked_by_one_thread_only_until_it_answers() {
    HealthIndicator health = servers.of("kafka", this::askedAndAnswered);
    for (int i = 0; i < 3; i++) {
      assertThat(health.health()).isEqualTo(Health.down().withDetail("error", "no answer within 800 ms").build());
    }
    assertThat(asked).hasValue(1);

    hanging.countDown();
    await().atMost(Duration.ofMinutes(1)).until(() -> status(health).equals(Status.UP));
  }

  @Test
  void asking_for_one_has_all_asked() {
    HealthIndicator one = servers.of("kafka", () -> Health.up().build());
    HealthIndicator hangs = servers.of("kafka", this::askedAndAnswered);
    assertThat(status(one)).isEqualTo(Status.UP);
    await().atMost(Duration.ofMinutes(1)).until(() -> asked.get() == 1);
    assertThat(status(hangs)).isEqualTo(Status.DOWN);
    hanging.countDown();
  }

  @Test
  void many_probes_at_once_ask_once() throws Exception {
    HealthIndicator health = servers.of("kafka", this::askedAndAnswered);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Status>> probes = IntStream.range(0, 100).mapToObj(_ -> threads.submit(() -> status(health)))
          .toList();
      hanging.countDown();
      for (Future<Status> probe : probes) {
        assertThat(probe.get()).isEqualTo(Status.UP);
      }
    }
    // One, unless the machine is so busy that the first answer was old by the time of the last probe.
    assertThat(asked.get()).isLessThan(10);
  }

  @Test
  void of_a_failure_only_the_kind_is_told() {
    HealthIndicator health = servers.of("kafka", () -> {
      throw new IllegalStateException(new SQLException("password is 1234"));
    });
    assertThat(health.health()).isEqualTo(Health.down().withDetail("error", "SQLException").build());
  }
}
