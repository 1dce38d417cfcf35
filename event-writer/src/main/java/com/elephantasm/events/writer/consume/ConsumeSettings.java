package com.elephantasm.events.writer.consume;

import com.elephantasm.events.settings.Bounds;
import com.elephantasm.events.settings.SettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param group the consumer group of the live writers
 * @param threads consumers in this process; more than the topic has partitions do nothing
 * @param batchSize the most records in one transaction
 * @param stalledAfter how long a partition may have records and make no progress, both servers working, before the liveness is
 *     down. Lag alone never makes it so
 * @param groupProtocol how the writers of the group share the partitions
 */
@ConfigurationProperties("elephantasm.writer")
record ConsumeSettings(@DefaultValue("elephantasm-event-writer") String group, @DefaultValue("2") int threads,
    @DefaultValue("10000") int batchSize, @DefaultValue("5m") Duration stalledAfter,
    @DefaultValue("classic") GroupProtocol groupProtocol) {
  ConsumeSettings {
    if (group.isBlank()) {
      throw new SettingException("elephantasm.writer.group is blank.",
          "Writers of one store share the name of one group.");
    }
    Bounds.requireAtLeast("elephantasm.writer.threads", threads, 1);
    Bounds.requireAtLeast("elephantasm.writer.batch-size", batchSize, 1);
    Bounds.requireAtLeast("elephantasm.writer.stalled-after", stalledAfter, Duration.ofSeconds(1));
  }
}
