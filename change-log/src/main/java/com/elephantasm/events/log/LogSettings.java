package com.elephantasm.events.log;

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
 * @param partitions of both topics when they are created here; a topic that exists keeps what it has, as growth would break the
 *     order of each spirit's changes
 * @param replicationFactor of both topics when they are created here; -1 is the broker's default
 * @param minInsyncReplicas how many replicas have a record before it is acknowledged, for topics that are created here; 0 is the
 *     broker's default, but 2 where that is 1 of several
 * @param acceptFiniteRetention starts on a log that loses its beginning: what is lost cannot be rebuilt
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
  public LogSettings {
    if (partitions < 1) {
      throw new IllegalArgumentException("elephantasm.log.partitions must be at least 1, was " + partitions);
    }
    if (replicationFactor == 0 || replicationFactor < -1) {
      throw new IllegalArgumentException(
          "elephantasm.log.replication-factor must be at least 1, or -1 for the broker's default, was "
              + replicationFactor);
    }
    if (minInsyncReplicas < 0 || replicationFactor > 0 && minInsyncReplicas > replicationFactor) {
      throw new IllegalArgumentException(
          "elephantasm.log.min-insync-replicas must be from 1 to the replication factor, or 0 for the broker's default, was "
              + minInsyncReplicas);
    }
    requirePositive("delivery-timeout", deliveryTimeout);
    requirePositive("block-timeout", blockTimeout);
    requirePositive("outcomes-retention", outcomesRetention);
    if (maxRecordSize.toBytes() < 1 || maxRecordSize.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "elephantasm.log.max-record-size must be from 1B to %dB, was %s".formatted(Integer.MAX_VALUE, maxRecordSize));
    }
    if (bufferSize.compareTo(maxRecordSize) < 0) {
      throw new IllegalArgumentException(
          "elephantasm.log.buffer-size must hold a record of the largest size, %s, was %s"
              .formatted(maxRecordSize, bufferSize));
    }
    if (maxUnacknowledged.toBytes() < 1 || maxUnacknowledged.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("elephantasm.log.max-unacknowledged must be from 1B to %dB, was %s"
          .formatted(Integer.MAX_VALUE, maxUnacknowledged));
    }
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
  private static void requirePositive(String name, Duration value) {
    if (value.toMillis() < 1 || value.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "elephantasm.log.%s must be from 1ms to %dms, was %s".formatted(name, Integer.MAX_VALUE, value));
    }
  }
}
