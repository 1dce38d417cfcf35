package com.elephantasm.events.log;

import com.elephantasm.events.settings.SettingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Creates the topics that are missing: at the start if Kafka is there, else as soon as it is. A service starts without Kafka,
 * so that an outage does not become a crash loop.
 *
 * <p>
 * A topic that exists is never touched. Spring's {@code KafkaAdmin} would add the partitions it lacks, and with that break the
 * order of each spirit's changes. If the log's breaks what is promised, the service does not start; where Kafka came later, it
 * publishes nothing until the topic is put right.
 */
final class TopicCreation implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int DESCRIBE_TIMEOUT_MS = 5_000;
  private static final int CREATE_TIMEOUT_MS = 30_000;

  private final SharedAdmin admin;
  private final LogAccess access;
  private final List<NewTopic> topics;
  private final String logTopic;
  private final TopicPromise promise;
  private final CountDownLatch done = new CountDownLatch(1);
  private final CountDownLatch judged = new CountDownLatch(1);
  private volatile String obstacle = "Kafka has not been there since this service started";
  private volatile @Nullable SettingException refusal;
  private volatile boolean started;
  private volatile @Nullable Thread thread;

  /** @param logTopic the one of the topics that must keep the promise */
  TopicCreation(SharedAdmin admin, LogAccess access, List<NewTopic> topics, String logTopic, TopicPromise promise) {
    this.admin = admin;
    this.access = access;
    this.topics = topics;
    this.logTopic = logTopic;
    this.promise = promise;
  }

  /** Whether the topics have been there, and as they must be, since this process started. */
  boolean topicsExist() {
    return done.getCount() == 0;
  }

  /** Why nothing can be published yet. */
  Optional<String> obstacle() {
    return topicsExist() ? Optional.empty() : Optional.of(obstacle);
  }

  /** @throws SettingException if the log's topic breaks what is promised */
  @Override
  public void start() {
    thread = Thread.ofVirtual().name("topic-creation").start(this::createUntilDone);
    try {
      if (!judged.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Kafka is not ready: starting without it; nothing can be published until it is");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    SettingException refused = refusal;
    if (refused != null) {
      stop();
      throw refused;
    }
    started = true;
  }

  private void createUntilDone() {
    try {
      while (!attempt()) {
        // Kafka does not tell when it is there again, or has other settings.
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException _) {
      // stop() asked for it
    }
  }

  private boolean attempt() throws InterruptedException {
    try {
      createMissing();
      refusal = null;
      List<String> missing = access.missing();
      if (!missing.isEmpty()) {
        refused(String.join("; ", missing));
        return false;
      }
      done.countDown();
      judged.countDown();
      return true;
    } catch (SettingException e) {
      refusal = e;
      judged.countDown();
      // The failure of a start is reported by itself.
      tell(started ? Level.ERROR : Level.DEBUG, String.valueOf(e.getMessage()));
    } catch (ExecutionException | RuntimeException e) {
      refusal = null;
      KafkaRefusals.describe(e, AclOperation.DESCRIBE).ifPresentOrElse(this::refused,
          () -> tell(Level.WARN, notReady(String.valueOf(NestedExceptionUtils.getMostSpecificCause(e)))));
    }
    return false;
  }

  /** Somebody may give the right, or the password, while this runs; nobody waits for that at the start. */
  private void refused(String why) {
    tell(Level.ERROR, notReady(why));
    judged.countDown();
  }

  private String notReady(String why) {
    return "The topics %s are not ready, trying until they are: %s".formatted(names(), why);
  }

  private void tell(Level level, String problem) {
    if (!problem.equals(obstacle)) {
      obstacle = problem;
      LOG.atLevel(level).log(problem);
    }
  }

  private List<String> names() {
    return topics.stream().map(NewTopic::name).toList();
  }

  private void createMissing() throws ExecutionException, InterruptedException {
    for (NewTopic topic : topics) {
      Optional<TopicState> existing = describe(topic.name());
      Optional<TopicState> state = existing.isPresent() ? existing : create(topic);
      if (state.isPresent() && topic.name().equals(logTopic)) {
        Optional<SettingException> breach = promise.breachedBy(logTopic, state.get());
        if (breach.isPresent()) {
          throw breach.get();
        }
      }
      existing.ifPresent(found -> reportDifferences(topic, found));
    }
  }

  private Optional<TopicState> describe(String topic) throws ExecutionException, InterruptedException {
    DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(DESCRIBE_TIMEOUT_MS);
    try {
      List<TopicPartitionInfo> partitions = admin.client().describeTopics(List.of(topic), options).allTopicNames().get()
          .values().iterator().next().partitions();
      int replicas = partitions.stream().mapToInt(partition -> partition.replicas().size()).min().orElse(1);
      return Optional.of(new TopicState(partitions.size(), replicas, settings(topic)));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** @return what was created, if this service may know it */
  private Optional<TopicState> create(NewTopic topic) throws ExecutionException, InterruptedException {
    try {
      NewTopic safe = withEnoughReplicas(topic);
      CreateTopicsResult created = admin.client().createTopics(List.of(safe), options());
      created.all().get();
      LOG.info("Created the topic {} with {} partitions and {}", safe.name(), safe.numPartitions(), safe.configs());
      return state(created, topic.name());
    } catch (ExecutionException e) {
      // Another instance was faster.
      if (e.getCause() instanceof TopicExistsException) {
        return Optional.empty();
      }
      if (e.getCause() instanceof AuthorizationException) {
        throw missing(topic);
      }
      throw e;
    }
  }

  private static SettingException missing(NewTopic topic) {
    String configs = topic.configs().entrySet().stream().map(config -> " --config " + config).sorted()
        .collect(Collectors.joining());
    return new SettingException(
        "The topic %s does not exist, and this service may not create it.".formatted(topic.name()),
        "Create it: kafka-topics.sh --bootstrap-server … --create --topic %s --partitions %d%s. Or give CREATE on Topic %1$s to this service's user."
            .formatted(topic.name(), topic.numPartitions(), configs));
  }

  private static CreateTopicsOptions options() {
    return new CreateTopicsOptions().timeoutMs(CREATE_TIMEOUT_MS);
  }

  /** Of several replicas two must have a record before it is acknowledged; Kafka's default is one. */
  private NewTopic withEnoughReplicas(NewTopic topic) throws ExecutionException, InterruptedException {
    if (topic.configs().containsKey(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG)) {
      return topic;
    }
    CreateTopicsResult tried = admin.client().createTopics(List.of(topic), options().validateOnly(true));
    tried.all().get();
    Optional<TopicState> state = state(tried, topic.name());
    if (state.isEmpty() || state.get().replicas() < 2
        || !"1".equals(state.get().settings().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG))) {
      return topic;
    }
    Map<String, String> configs = new HashMap<>(topic.configs());
    configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    return new NewTopic(topic.name(), Optional.of(topic.numPartitions()), Optional.of(topic.replicationFactor()))
        .configs(configs);
  }

  private static Optional<TopicState> state(CreateTopicsResult created, String topic)
      throws ExecutionException, InterruptedException {
    try {
      return Optional.of(new TopicState(created.numPartitions(topic).get(), created.replicationFactor(topic).get(),
          values(created.config(topic).get())));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        warnOfUnreadableSettings(topic);
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Map<String, String> values(Config config) {
    return config.entries().stream().filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  private static void reportDifferences(NewTopic wanted, TopicState found) {
    List<String> differences = new ArrayList<>();
    if (found.partitions() != wanted.numPartitions()) {
      differences.add("it has %d partitions, not %d".formatted(found.partitions(), wanted.numPartitions()));
    }
    wanted.configs().forEach((name, value) -> {
      String actual = found.settings().get(name);
      if (actual != null && !actual.equals(value)) {
        differences.add("%s is %s, not %s".formatted(name, actual, value));
      }
    });
    if (found.replicas() > 1 && Integer.toString(found.replicas())
        .equals(found.settings().get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG))) {
      differences.add("min.insync.replicas is all %d: while one broker is away nothing can be published"
          .formatted(found.replicas()));
    }
    if (!differences.isEmpty()) {
      LOG.warn("The topic {} exists and is left as it is, though {}", wanted.name(), String.join(", ", differences));
    }
  }

  /** Empty where this service may not read them. */
  private Map<String, String> settings(String topic) throws ExecutionException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    DescribeConfigsOptions options = new DescribeConfigsOptions().timeoutMs(DESCRIBE_TIMEOUT_MS);
    try {
      return values(admin.client().describeConfigs(List.of(resource), options).all().get().values().iterator().next());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        warnOfUnreadableSettings(topic);
        return Map.of();
      }
      throw e;
    }
  }

  private static void warnOfUnreadableSettings(String topic) {
    LOG.warn(
        "Whether the settings of the topic {} keep what is promised is not checked: give DESCRIBE_CONFIGS on Topic {} to "
            + "this service's user",
        topic, topic);
  }

  @Override
  public void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      running.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /** Before everything that reads or writes the topics. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE;
  }
}
