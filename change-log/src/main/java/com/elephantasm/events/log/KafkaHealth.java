package com.elephantasm.events.log;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.errors.AuthenticationException;
import org.springframework.boot.health.contributor.Health;

/** Up where a broker answers, the topics are there as they must be, and this service may do what it has to. */
final class KafkaHealth implements Callable<Health> {
  private static final int TIMEOUT_MS = 2_000;
  private final SharedAdmin admin;
  private final TopicCreation topics;
  private final LogAccess access;

  KafkaHealth(SharedAdmin admin, TopicCreation topics, LogAccess access) {
    this.admin = admin;
    this.topics = topics;
    this.access = access;
  }

  @Override
  public Health call() throws ExecutionException, InterruptedException {
    try {
      return health();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthenticationException) {
        return Health.down().withDetail("error", "authentication failed").build();
      }
      throw e;
    }
  }

  private Health health() throws ExecutionException, InterruptedException {
    DescribeClusterResult cluster = admin.client()
        .describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS));
    Health.Builder health = Health.up().withDetail("clusterId", cluster.clusterId().get())
        .withDetail("brokers", cluster.nodes().get().size());
    topics.obstacle().ifPresent(obstacle -> health.down().withDetail("topics", obstacle));
    List<String> missing = access.missing();
    if (!missing.isEmpty()) {
      health.down().withDetail("rights", missing);
    }
    return health.build();
  }
}
