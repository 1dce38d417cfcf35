package com.elephantasm.events.log;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Creates the topics that are missing: at the start if Kafka is there, else as soon as it is. A service starts without Kafka,
 * so that an outage does not become a crash loop.
 */
final class TopicCreation implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final KafkaAdmin admin;
  private final CountDownLatch created = new CountDownLatch(1);
  private volatile boolean running;

  TopicCreation(KafkaAdmin admin) {
    this.admin = admin;
    admin.setAutoCreate(false);
    admin.setOperationTimeout(5);
  }

  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("topic-creation").start(this::createUntilDone);
    try {
      if (!created.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Kafka is away: starting without it, the topics will be looked at when it is back");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void createUntilDone() {
    while (running && !admin.initialize()) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
    }
    created.countDown();
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before everything that reads or writes the topics. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }
}
