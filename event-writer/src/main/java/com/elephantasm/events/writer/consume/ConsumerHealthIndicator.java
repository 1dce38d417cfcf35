package com.elephantasm.events.writer.consume;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Down where a consumer has ended, as after an {@link OutOfMemoryError}: the service would answer reads and store nothing. */
final class ConsumerHealthIndicator extends AbstractHealthIndicator {
  private final ConcurrentMessageListenerContainer<?, ?> container;

  ConsumerHealthIndicator(ConcurrentMessageListenerContainer<?, ?> container) {
    super("the state of the consumers cannot be read");
    this.container = container;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    long running = container.getContainers().stream().filter(MessageListenerContainer::isRunning).count();
    builder.status(container.isRunning() && running == container.getConcurrency() ? "UP" : "DOWN")
        .withDetail("running", running).withDetail("wanted", container.getConcurrency());
  }
}
