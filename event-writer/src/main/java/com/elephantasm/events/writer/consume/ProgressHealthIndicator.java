package com.elephantasm.events.writer.consume;

import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Down where a partition of this process has stalled: a restart may help then. In the group {@code liveness}, where the
 * {@link ConsumerHealthIndicator} must not be: it is down while this process waits for the database, which no restart brings back.
 */
final class ProgressHealthIndicator extends AbstractHealthIndicator {
  private final StallWatch watch;

  ProgressHealthIndicator(StallWatch watch) {
    super("the progress of the consumers cannot be read");
    this.watch = watch;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    List<Stall> stalls = watch.stalls();
    if (stalls.isEmpty()) {
      builder.up();
    } else {
      builder.down().withDetail("stalled", stalls);
    }
  }
}
