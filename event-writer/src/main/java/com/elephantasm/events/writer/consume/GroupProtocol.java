package com.elephantasm.events.writer.consume;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the writers share the partitions. With {@code consumer} (KIP-848) the broker assigns them, a change holds up only the partitions that
 * move, and the broker alone says how long a writer may be silent ({@code group.consumer.session.timeout.ms}, 45 s by default).
 * With {@code classic} that is 10 s, so what a killed writer held is taken over sooner. Writers of both kinds may be in a group at once:
 * the broker converts it.
 */
enum GroupProtocol {
  /** The newer one where the broker has it; the classic one where it does not, or is away. */
  AUTO, CLASSIC, CONSUMER;

  private static final Logger LOG = LoggerFactory.getLogger(GroupProtocol.class);
  private static final int TIMEOUT_MS = 5_000;

  boolean isConsumer(Map<String, Object> admin) {
    return this == CONSUMER || this == AUTO && isThere(admin);
  }

  private static boolean isThere(Map<String, Object> properties) {
    try (Admin admin = Admin.create(properties)) {
      FinalizedVersionRange version = admin.describeFeatures(new DescribeFeaturesOptions().timeoutMs(TIMEOUT_MS))
          .featureMetadata().get().finalizedFeatures().get("group.version");
      return version != null && version.maxVersionLevel() >= 1;
    } catch (ExecutionException e) {
      LOG.warn("Kafka does not say which group protocols it has, using the classic one: {}",
          String.valueOf(e.getCause()));
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
