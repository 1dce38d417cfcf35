package com.elephantasm.events.faults.nemesis;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;

/** Moves the leadership of all partitions, the consumer groups' own too. */
final class Leaders implements AutoCloseable {
  private static final int BROKERS = 3;

  private final Admin admin;

  Leaders(String bootstrapServers) {
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000, AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000));
  }

  /** @return whether the broker leads all of them now; not so where it is behind, or another fault is in the way */
  boolean moveTo(int broker) {
    try {
      Set<TopicPartition> partitions = partitions();
      Optional<NewPartitionReassignment> first = Optional.of(new NewPartitionReassignment(startingWith(broker)));
      Map<TopicPartition, Optional<NewPartitionReassignment>> preferences = new HashMap<>();
      partitions.forEach(partition -> preferences.put(partition, first));
      admin.alterPartitionReassignments(preferences).all().get();
      admin.electLeaders(ElectionType.PREFERRED, partitions).partitions().get();
      return leads(broker);
    } catch (ExecutionException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<Integer> startingWith(int broker) {
    return IntStream.range(0, BROKERS).mapToObj(next -> (broker - 1 + next) % BROKERS + 1).toList();
  }

  private Set<TopicPartition> partitions() throws ExecutionException, InterruptedException {
    Set<TopicPartition> partitions = new HashSet<>();
    Set<String> topics = new HashSet<>(admin.listTopics().names().get());
    topics.add("__consumer_offsets");
    admin.describeTopics(topics).allTopicNames().get().forEach((topic, description) -> description.partitions()
        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
    return partitions;
  }

  private boolean leads(int broker) throws ExecutionException, InterruptedException {
    return admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values().stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(partition -> partition.leader() != null && partition.leader().id() == broker);
  }

  @Override
  public void close() {
    admin.close();
  }
}
