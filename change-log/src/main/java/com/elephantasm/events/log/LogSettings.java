package com.elephantasm.events.log;

import com.elephantasm.events.settings.Bounds;
import com.elephantasm.events.settings.SettingException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The topics, and the bounds within which publishing succeeds or fails. Where Kafka is and how to log in there is
 * {@code spring.kafka.*}.
 *
 * @param topic the log: every change of spirits and events
 * @param outcomesTopic where the writer answers those who asked
 * @param partitions how many both topics have when they are created here; a topic that exists keeps what it has, as growth would break the
 *     order of each spirit's changes
 * @param replicationFactor replicas of both topics when they are created here; -1 is the broker's default
 * @param minInsyncReplicas how many replicas have a record before it is acknowledged, for topics that are created here; 0 is the
 *     broker's default, but 2 where that is 1 of several
 * @param acceptFiniteRetention whether to start on a log that loses its beginning: what is lost cannot be rebuilt
 * @param outcomesRetention how long an outcome is kept
 * @param maxRecordSize the largest record, in bytes; above the largest HTTP body, as JSON and headers around it take room
 * @param deliveryTimeout how long publishing may take before it has failed, retries included
 * @param blockTimeout how long publishing may wait for a place in the buffer or for the topic's metadata
 * @param bufferSize the producer's buffer; when it is full, publishing fails instead of piling up
 * @param maxUnacknowledged how many bytes may be on their way into the log at once, counting 2 KB for each record beside its own;
 *     below the buffer's size, so that it is never full. A quarter of it is kept from uploads and other batches
 */
@ConfigurationProperties("elephantasm.log")
public record LogSettings(@DefaultValue("elephantasm.events") String topic,
    @DefaultValue("elephantasm.outcomes") String outcomesTopic, @DefaultValue("12") int partitions,
    @DefaultValue("-1") short replicationFactor, @DefaultValue("0") short minInsyncReplicas,
    @DefaultValue("false") boolean acceptFiniteRetention,
    @DefaultValue("1h") Duration outcomesRetention, @DefaultValue("2MB") DataSize maxRecordSize,
    @DefaultValue("5s") Duration deliveryTimeout, @DefaultValue("2s") Duration blockTimeout,
    @DefaultValue("32MB") DataSize bufferSize, @DefaultValue("24MB") DataSize maxUnacknowledged) {
  private static final String PREFIX = "elephantasm.log.";
  private static final int DEFAULT_OF_BROKER = -1;
  private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);
  private static final DataSize SMALLEST = DataSize.ofBytes(1);
  private static final DataSize LARGEST = DataSize.ofBytes(Integer.MAX_VALUE);

  public LogSettings {
    requireName("topic", topic);
    requireName("outcomes-topic", outcomesTopic);
    if (topic.equals(outcomesTopic)) {
      throw new SettingException(
          "elephantasm.log.topic and elephantasm.log.outcomes-topic are both '%s'.".formatted(topic),
          "Outcomes are no changes: give them a topic of their own.");
    }
    Bounds.requireAtLeast(PREFIX + "partitions", partitions, 1);
    if (replicationFactor != DEFAULT_OF_BROKER) {
      Bounds.requireAtLeast(PREFIX + "replication-factor", (int) replicationFactor, 1);
      Bounds.requireAtMost(PREFIX + "min-insync-replicas", (int) minInsyncReplicas,
          PREFIX + "replication-factor", (int) replicationFactor);
    }
    Bounds.requireAtLeast(PREFIX + "min-insync-replicas", (int) minInsyncReplicas, 0);
    requireTime("delivery-timeout", deliveryTimeout);
    requireTime("block-timeout", blockTimeout);
    requireTime("outcomes-retention", outcomesRetention);
    Bounds.requireBetween(PREFIX + "max-record-size", maxRecordSize, SMALLEST, LARGEST);
    Bounds.requireAtMost(PREFIX + "max-record-size", maxRecordSize, PREFIX + "buffer-size", bufferSize);
    Bounds.requireBetween(PREFIX + "max-unacknowledged", maxUnacknowledged, SMALLEST, LARGEST);
  }

  /** How the topic of the log is kept, where it is created: for ever, and with room for the largest record. */
  public Map<String, String> topicConfigs() {
    return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE, TopicConfig.RETENTION_MS_CONFIG,
        "-1", TopicConfig.RETENTION_BYTES_CONFIG, "-1", TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false",
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(maxRecordSize.toBytes()));
  }

  /** An outcome holds a whole event, whose large fields may have come one amendment after the other. */
  DataSize maxOutcomeSize() {
    return DataSize.ofBytes(Math.min(Integer.MAX_VALUE, 2 * maxRecordSize.toBytes()));
  }

  /** Kafka counts in milliseconds. */
  private static void requireTime(String name, Duration value) {
    Bounds.requireBetween(PREFIX + name, value, Duration.ofMillis(1), LONGEST);
  }

  /** As Kafka takes them. */
  private static void requireName(String name, String topic) {
    if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
      throw new SettingException("%s%s is '%s', which is no name of a topic.".formatted(PREFIX, name, topic),
          "Kafka takes up to 249 letters, digits, dots, hyphens and underscores.");
    }
  }
}
