package com.elephantasm.events.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Asks Kafka whether this service may do what it has to (KIP-430). */
public final class LogAccess {
  private static final int TIMEOUT_MS = 2_000;
  private final SharedAdmin admin;
  private final Map<String, Set<AclOperation>> topics;
  private final @Nullable String group;

  LogAccess(SharedAdmin admin, LogSettings settings, LogRights rights) {
    this.admin = admin;
    this.topics = Map.of(settings.topic(), rights.log(), settings.outcomesTopic(), rights.outcomes());
    this.group = rights.group();
  }

  /**
   * The rights that are missing, each as a sentence that says what to give.
   *
   * @return empty where there are all, or Kafka knows no access control
   * @throws ExecutionException where Kafka is away, or does not let this service in
   */
  public List<String> missing() throws ExecutionException, InterruptedException {
    Admin client = admin.client();
    var described = client.describeTopics(topics.keySet(),
        new DescribeTopicsOptions().includeAuthorizedOperations(true).timeoutMs(TIMEOUT_MS)).topicNameValues();
    DescribeConsumerGroupsResult groups = group == null
        ? null
        : client.describeConsumerGroups(List.of(group),
            new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true).timeoutMs(TIMEOUT_MS));
    List<String> missing = new ArrayList<>();
    for (var topic : new TreeMap<>(described).entrySet()) {
      addMissing(missing, topics.getOrDefault(topic.getKey(), Set.of()), "Topic " + topic.getKey(),
          topic.getValue().thenApply(description -> description.authorizedOperations()));
    }
    if (groups != null) {
      addMissing(missing, Set.of(AclOperation.READ), "Group " + group,
          groups.describedGroups().values().iterator().next()
              .thenApply(description -> description.authorizedOperations()));
    }
    return missing;
  }

  private static void addMissing(List<String> missing, Set<AclOperation> needed, String resource,
      KafkaFuture<Set<AclOperation>> granted) throws ExecutionException, InterruptedException {
    Set<AclOperation> lacking = new TreeSet<>(needed);
    try {
      // Null where the broker does not say.
      Set<AclOperation> operations = granted.get();
      if (operations == null) {
        return;
      }
      lacking.removeAll(operations);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof GroupIdNotFoundException) {
        return;
      }
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
      // Not even to know of it, which each of the others includes.
    }
    if (!lacking.isEmpty()) {
      missing.add(KafkaRefusals.give(lacking, resource));
    }
  }
}
