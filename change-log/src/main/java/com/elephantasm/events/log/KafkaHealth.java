package com.elephantasm.events.log;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.springframework.boot.health.contributor.Health;

/** Up where a broker answers and the topics are there as they must be. */
final class KafkaHealth implements Callable<Health> {
  private static final int TIMEOUT_MS = 2_000;
  private final SharedAdmin admin;
  private final TopicCreation topics;

  KafkaHealth(SharedAdmin admin, TopicCreation topics) {
    this.admin = admin;
    this.topics = topics;
  }

  @Override
  public Health call() throws ExecutionException, InterruptedException {
    DescribeClusterResult cluster = admin.client()
        .describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS));
    Health.Builder health = Health.up().withDetail("clusterId", cluster.clusterId().get())
        .withDetail("brokers", cluster.nodes().get().size());
    topics.obstacle().ifPresent(obstacle -> health.down().withDetail("topics", obstacle));
    return health.build();
  }
}
