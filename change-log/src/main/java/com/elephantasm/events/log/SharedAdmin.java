package com.elephantasm.events.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

/** The Admin client of the log's own concerns. Opened when first used, as the brokers' names may not even resolve while Kafka is away. */
final class SharedAdmin implements AutoCloseable {
  private static final int TIMEOUT_MS = 5_000;
  private final Map<String, Object> properties;
  private @Nullable Admin opened;

  SharedAdmin(Map<String, Object> configured) {
    properties = new HashMap<>(configured);
    // With the default, a client that finds no broker starts over in each of its loops, and logs and queues more each time.
    properties.put(AdminClientConfig.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
    // Of the client's own calls as well: while Kafka is away they would pile up for a minute.
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
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
