package com.elephantasm.events.writer.consume;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/** Which partitions of the log are whose in this process, as Kafka tells the consumers. */
final class Assignments implements ConsumerAwareRebalanceListener {
  private final TopicIds topicIds;
  /** By consumer: one that hangs is told last that its partition is another's. */
  private final Map<Consumer<?, ?>, Set<Integer>> owned = new ConcurrentHashMap<>();
  private final Set<Integer> everOwned = ConcurrentHashMap.newKeySet();

  Assignments(TopicIds topicIds) {
    this.topicIds = topicIds;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    topicIds.forget();
    numbers(consumer).addAll(numbers(partitions));
    everOwned.addAll(numbers(partitions));
  }

  @Override
  public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    numbers(consumer).removeAll(numbers(partitions));
  }

  @Override
  public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    numbers(consumer).removeAll(numbers(partitions));
  }

  private Set<Integer> numbers(Consumer<?, ?> consumer) {
    return owned.computeIfAbsent(consumer, _ -> ConcurrentHashMap.newKeySet());
  }

  private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
  }

  /** How many consumers have joined the group and been told what is theirs, be it nothing. */
  int joined() {
    return owned.size();
  }

  Set<Integer> owned() {
    Set<Integer> all = new HashSet<>();
    owned.values().forEach(all::addAll);
    return all;
  }

  /** Also those that were taken away since. */
  Set<Integer> everOwned() {
    return Set.copyOf(everOwned);
  }
}
