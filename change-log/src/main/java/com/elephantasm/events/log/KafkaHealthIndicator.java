package com.elephantasm.events.log;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.core.NestedExceptionUtils;

/** Up where a broker answers within two seconds. */
final class KafkaHealthIndicator implements HealthIndicator {
  private static final int TIMEOUT_MS = 2_000;
  private final SharedAdmin admin;

  KafkaHealthIndicator(SharedAdmin admin) {
    this.admin = admin;
  }

  @Override
  public Health health() {
    try {
      DescribeClusterResult cluster = admin.client()
          .describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS));
      return Health.up().withDetail("clusterId", cluster.clusterId().get())
          .withDetail("brokers", cluster.nodes().get().size()).build();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Health.unknown().build();
    } catch (ExecutionException | RuntimeException e) {
      // Not the message: it may quote settings, and with them a password.
      String error = NestedExceptionUtils.getMostSpecificCause(e).getClass().getSimpleName();
      return Health.down().withDetail("error", error).build();
    }
  }
}
