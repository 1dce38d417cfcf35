package com.elephantasm.events.writer.replay;

import java.util.UUID;

/**
 * The part of a partition that a replay reads.
 *
 * @param topicId Kafka's own id of the topic (KIP-516)
 * @param partition the number that Kafka gives it
 * @param logPartition {@code log_partitions.id}, by which rows refer to it
 * @param start inclusive
 * @param end exclusive: the end of the log when the replay was asked for, or before
 * @param next where the replay stands
 */
public record LogStretch(UUID topicId, String topic, int partition, int logPartition, long start, long end, long next) {
  /** The same partition, read from one offset to another. */
  public LogStretch between(long from, long to) {
    return new LogStretch(topicId, topic, partition, logPartition, from, to, from);
  }
}
