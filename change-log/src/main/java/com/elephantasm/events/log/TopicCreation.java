package com.elephantasm.events.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;

/**
 * Creates the topics that are missing: at the start if Kafka is there, else as soon as it is. A service starts without Kafka,
 * so that an outage does not become a crash loop.
 *
 * <p>
 * A topic that exists is never touched. Spring's {@code KafkaAdmin} would add the partitions it lacks, and with that break the
 * order of each spirit's changes.
 */
final class TopicCreation implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreation.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int DESCRIBE_TIMEOUT_MS = 5_000;
  private static final int CREATE_TIMEOUT_MS = 30_000;

  private final SharedAdmin admin;
  private final List<NewTopic> topics;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile @Nullable Thread thread;

  TopicCreation(SharedAdmin admin, List<NewTopic> topics) {
    this.admin = admin;
    this.topics = topics;
  }

  /** Whether the topics have been there since this process started. */
  boolean topicsExist() {
    return done.getCount() == 0;
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("topic-creation").start(this::createUntilDone);
    try {
      if (!done.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Kafka is not ready: starting without it; nothing can be published until it is");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void createUntilDone() {
    try {
      String lastFailure = "";
      while (!topicsExist()) {
        try {
          createMissing();
          done.countDown();
        } catch (ExecutionException | RuntimeException e) {
          String failure = NestedExceptionUtils.getMostSpecificCause(e).toString();
          if (!failure.equals(lastFailure)) {
            LOG.warn("The topics {} are not ready, trying until they are: {}", names(), failure);
            lastFailure = failure;
          }
          // Kafka does not tell when it is there again.
          Thread.sleep(RETRY);
        }
      }
    } catch (InterruptedException _) {
      // stop() asked for it
    }
  }

  private List<String> names() {
    return topics.stream().map(NewTopic::name).toList();
  }

  private void createMissing() throws ExecutionException, InterruptedException {
    for (NewTopic topic : topics) {
      OptionalInt partitions = partitions(topic.name());
      if (partitions.isEmpty()) {
        create(topic);
      } else {
        reportDifferences(topic, partitions.getAsInt());
      }
    }
  }

  /** How many partitions the topic has, if it exists. */
  private OptionalInt partitions(String topic) throws ExecutionException, InterruptedException {
    DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(DESCRIBE_TIMEOUT_MS);
    try {
      return admin.client().describeTopics(List.of(topic), options).allTopicNames().get().values().stream()
          .mapToInt(described -> described.partitions().size()).findFirst();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return OptionalInt.empty();
      }
      throw e;
    }
  }

  private void create(NewTopic topic) throws ExecutionException, InterruptedException {
    try {
      admin.client().createTopics(List.of(topic), new CreateTopicsOptions().timeoutMs(CREATE_TIMEOUT_MS)).all().get();
      LOG.info("Created the topic {} with {} partitions and {}", topic.name(), topic.numPartitions(), topic.configs());
    } catch (ExecutionException e) {
      // Another instance was faster.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private void reportDifferences(NewTopic wanted, int partitions) throws InterruptedException {
    List<String> differences = new ArrayList<>();
    if (partitions != wanted.numPartitions()) {
      differences.add("it has %d partitions, not %d".formatted(partitions, wanted.numPartitions()));
    }
    Map<String, String> settings = settings(wanted.name());
    wanted.configs().forEach((name, value) -> {
      String actual = settings.get(name);
      if (actual != null && !actual.equals(value)) {
        differences.add("%s is %s, not %s".formatted(name, actual, value));
      }
    });
    if (!differences.isEmpty()) {
      LOG.warn("The topic {} exists and is left as it is, though {}", wanted.name(), String.join(", ", differences));
    }
  }

  /** Empty where this service may not read them. */
  private Map<String, String> settings(String topic) throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    DescribeConfigsOptions options = new DescribeConfigsOptions().timeoutMs(DESCRIBE_TIMEOUT_MS);
    try {
      return admin.client().describeConfigs(List.of(resource), options).all().get().values().stream()
          .flatMap(config -> config.entries().stream()).filter(entry -> entry.value() != null)
          .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    } catch (ExecutionException e) {
      LOG.debug("Cannot read the settings of the topic {}", topic, e);
      return Map.of();
    }
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
