package com.elephantasm.events.log;

import com.elephantasm.events.settings.SettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the topic of the log must be so that what was acknowledged is kept, and kept for ever (Kafka documentation, "Topic
 * Configs").
 */
final class TopicPromise {
  private static final String UNLIMITED = "-1";
  private final long maxRecordSize;
  private final boolean finiteRetentionAccepted;

  TopicPromise(LogSettings settings) {
    this.maxRecordSize = settings.maxRecordSize().toBytes();
    this.finiteRetentionAccepted = settings.acceptFiniteRetention();
  }

  /** A setting that breaks it, and the value that would not. */
  private record Breach(String problem, String setting, String remedy) {}

  /** Where the topic breaks it. A setting that this service may not read breaks nothing. */
  Optional<SettingException> breachedBy(String topic, TopicState state) {
    List<Breach> breaches = new ArrayList<>();
    checkCleanup(state, breaches);
    checkSize(state, breaches);
    if (state.replicas() > 1) {
      checkReplicas(state, breaches);
    }
    return breaches.isEmpty() ? Optional.empty() : Optional.of(exception(topic, breaches));
  }

  private void checkCleanup(TopicState state, List<Breach> breaches) {
    String policy = state.settings().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
    if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
      breaches.add(new Breach("cleanup.policy is %s: of a spirit's records all but the last would be deleted"
          .formatted(policy), TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE));
    }
    if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE) && !finiteRetentionAccepted) {
      checkRetention(state, TopicConfig.RETENTION_MS_CONFIG, breaches);
      checkRetention(state, TopicConfig.RETENTION_BYTES_CONFIG, breaches);
    }
  }

  private static void checkRetention(TopicState state, String setting, List<Breach> breaches) {
    String retention = state.settings().getOrDefault(setting, UNLIMITED);
    if (!retention.equals(UNLIMITED)) {
      breaches.add(new Breach("%s is %s: the log loses records, and what is lost cannot be rebuilt"
          .formatted(setting, retention), setting, UNLIMITED));
    }
  }

  private void checkSize(TopicState state, List<Breach> breaches) {
    String size = state.settings().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    if (size != null && Long.parseLong(size) < maxRecordSize) {
      breaches.add(new Breach("max.message.bytes is %s, below elephantasm.log.max-record-size (%d)"
          .formatted(size, maxRecordSize), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(maxRecordSize)));
    }
  }

  private static void checkReplicas(TopicState state, List<Breach> breaches) {
    String least = state.settings().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
    if (least != null && Integer.parseInt(least) < 2) {
      breaches.add(new Breach("min.insync.replicas is %s of %d: a record is acknowledged that one broker alone has"
          .formatted(least, state.replicas()), TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2"));
    }
    if (least != null && Integer.parseInt(least) > state.replicas()) {
      breaches.add(new Breach("min.insync.replicas is %s of %d: nothing could be published"
          .formatted(least, state.replicas()), TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2"));
    }
    if (Boolean.parseBoolean(state.settings().get(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
      breaches.add(new Breach("unclean.leader.election.enable is true: acknowledged records may be lost",
          TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false"));
    }
  }

  private static SettingException exception(String topic, List<Breach> breaches) {
    String problems = breaches.stream().map(Breach::problem).collect(Collectors.joining("; "));
    String remedy = "Set it right: kafka-configs.sh --bootstrap-server … --alter --entity-type topics --entity-name %s --add-config %s."
        .formatted(topic, breaches.stream().map(breach -> breach.setting() + "=" + breach.remedy()).distinct()
            .collect(Collectors.joining(",")));
    boolean retention = breaches.stream().anyMatch(breach -> breach.setting().startsWith("retention."));
    return new SettingException("The topic %s breaks what is promised: %s.".formatted(topic, problems),
        retention
            ? remedy + " Or accept that the log is not kept for ever: elephantasm.log.accept-finite-retention=true."
            : remedy);
  }
}
