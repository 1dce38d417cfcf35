package com.elephantasm.events.log;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The service's one Admin client. Opened when first used, as the brokers' names may not even resolve while Kafka is away. */
final class SharedAdmin implements AutoCloseable {
  private final Map<String, Object> properties;
  private @Nullable Admin opened;

  SharedAdmin(Map<String, Object> properties) {
    this.properties = properties;
  }

  synchronized Admin client() {
    if (opened == null) {
      opened = Admin.create(properties);
    }
    return opened;
  }

  /** Does not wait for calls under way: while Kafka is away they would hold up the end of the service. */
  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.close(Duration.ZERO);
    }
  }
}
