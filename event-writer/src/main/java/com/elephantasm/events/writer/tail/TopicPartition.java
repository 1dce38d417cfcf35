package com.elephantasm.events.writer.tail;

import java.util.Comparator;
import java.util.UUID;

/** A partition of a topic, which Kafka's own id names: one of the same name that was made anew is another one. */
record TopicPartition(UUID topicId, int partition) implements Comparable<TopicPartition> {
  private static final Comparator<TopicPartition> ORDER = Comparator.comparing(TopicPartition::topicId)
      .thenComparingInt(TopicPartition::partition);

  @Override
  public int compareTo(TopicPartition other) {
    return ORDER.compare(this, other);
  }
}
