package com.elephantasm.events.writer.consume;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Down until the database is migrated and every consumer has joined the group, and where one has ended, as after an
 * {@link OutOfMemoryError}. In the group {@code readiness}: what is published now would not be stored soon.
 */
final class ConsumerHealthIndicator extends AbstractHealthIndicator {
  private final ConcurrentMessageListenerContainer<?, ?> container;
  private final Assignments assignments;

  ConsumerHealthIndicator(ConcurrentMessageListenerContainer<?, ?> container, Assignments assignments) {
    super("the state of the consumers cannot be read");
    this.container = container;
    this.assignments = assignments;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    long running = container.getContainers().stream().filter(MessageListenerContainer::isRunning).count();
    int wanted = container.getConcurrency();
    int joined = assignments.joined();
    builder.status(container.isRunning() && running == wanted && joined >= wanted ? Status.UP : Status.DOWN)
        .withDetail("running", running).withDetail("joined", joined).withDetail("wanted", wanted);
  }
}
