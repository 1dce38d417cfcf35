package com.elephantasm.events.writer.consume;

import com.elephantasm.events.http.WarmUp;
import com.elephantasm.events.log.LogAccess;
import com.elephantasm.events.log.LogEnds;
import com.elephantasm.events.log.LogRights;
import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.writer.progress.StoreProbe;
import com.elephantasm.events.writer.progress.StoreProgress;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.Failures;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.StoreMigration;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.acl.AclOperation;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConsumeSettings.class)
class ConsumeConfiguration {
  /** Of a batch that is under way. One that takes longer is rolled back when the process ends, and read again. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
  /** When a right comes back, the client first tells of one refusal for each partition that it has fetched, and each is waited for. */
  private static final Duration AFTER_REFUSAL = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofMillis(20);

  @Bean
  TopicIds topicIds(KafkaAdmin admin) {
    return new TopicIds(admin);
  }

  /** Amendments and redrives are published, and their outcomes waited for. */
  @Bean
  LogRights rightsOfWriter(ConsumeSettings settings) {
    Set<AclOperation> rights = Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE);
    return new LogRights(rights, rights, settings.group());
  }

  @Bean
  ReadRefusals readRefusals(LogAccess access) {
    return new ReadRefusals(access);
  }

  @Bean
  ChangeConsumer changeConsumer(ChangeStore store, LogPartitions partitions, TopicIds topicIds,
      OutcomePublisher outcomes, StoreProgress progress, ConsumerReports reports, BatchTraces traces) {
    return new ChangeConsumer(store, partitions, topicIds, outcomes, progress, reports, traces);
  }

  @Bean
  BatchTraces batchTraces(OpenTelemetry telemetry, ConsumeSettings settings) {
    return new BatchTraces(telemetry.getTracer("com.elephantasm.events.writer"), settings.group());
  }

  @Bean
  ConsumerReports consumerReports() {
    return new ConsumerReports();
  }

  @Bean
  Assignments assignments(TopicIds topicIds) {
    return new Assignments(topicIds);
  }

  @Bean
  ConcurrentMessageListenerContainer<byte[], byte[]> changeConsumerContainer(ConsumerFactory<byte[], byte[]> boot,
      KafkaAdmin admin, ChangeConsumer listener, Assignments assignments, ConsumerReports reports, BatchTraces traces,
      LogSettings log, ConsumeSettings settings) {
    ContainerProperties properties = new ContainerProperties(log.topic());
    properties.setGroupId(settings.group());
    properties.setMessageListener(listener);
    properties.setAckMode(ContainerProperties.AckMode.BATCH);
    properties.setConsumerRebalanceListener(assignments);
    properties.setAuthExceptionRetryInterval(AFTER_REFUSAL);
    properties.setShutdownTimeout(LONGEST_STOP.toMillis());
    ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
        consumers(boot, settings, settings.groupProtocol().isConsumer(admin.getConfigurationProperties())), properties);
    container.setConcurrency(settings.threads());
    container.setCommonErrorHandler(new RetryForever(listener, failure -> report(failure, reports), traces));
    container.setBeanName("writer");
    container.setAutoStartup(false);
    return container;
  }

  private static void report(Throwable failure, ConsumerReports reports) {
    if (Failures.isRefusalForNow(failure)) {
      reports.databaseRefuses();
    }
  }

  /** What every reader of the log has in common is set in the log's own configuration. */
  static ConsumerFactory<byte[], byte[]> consumers(ConsumerFactory<byte[], byte[]> boot,
      ConsumeSettings settings, boolean consumerProtocol) {
    Map<String, Object> config = new HashMap<>(boot.getConfigurationProperties());
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchSize());
    if (consumerProtocol) {
      config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
      // The broker's business then: the client refuses to start with them.
      config.keySet().removeAll(Set.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG));
      return new DefaultKafkaConsumerFactory<>(config);
    }
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    config.putIfAbsent(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
    // A writer that was killed gives its partitions up after this, not after Kafka's 45 s.
    config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    // Whoever joins waits until those who are in the group hear of it, each by its next heartbeat. Kafka's 3 s would be a
    // part of most starts.
    config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    return new DefaultKafkaConsumerFactory<>(config);
  }

  @Bean
  WriterStart writerStart(StoreMigration migration,
      ConcurrentMessageListenerContainer<byte[], byte[]> changeConsumerContainer) {
    return new WriterStart(migration, changeConsumerContainer);
  }

  @Bean
  ConsumerHealthIndicator consumerHealthIndicator(
      ConcurrentMessageListenerContainer<byte[], byte[]> changeConsumerContainer, Assignments assignments) {
    return new ConsumerHealthIndicator(changeConsumerContainer, assignments);
  }

  @Bean
  WarmUp storeWarmUp(ChangeStore store, WriterStart start) {
    Rehearsal rehearsal = new Rehearsal(store);
    return new WarmUp("store", () -> {
      if (start.isConsuming()) {
        rehearsal.run();
      }
      return true;
    });
  }

  /** Without it the first records would wait until the group has come together. */
  @Bean
  WarmUp consumersWarmUp(WriterStart start, Assignments assignments, ConsumeSettings settings) {
    return new WarmUp("consumers", () -> {
      while (start.isConsuming() && assignments.joined() < settings.threads()) {
        Thread.sleep(STEP);
      }
      return true;
    });
  }

  @Bean
  StallWatch stallWatch(Assignments assignments, ConsumerReports reports, WriterStart writerStart, StoreProbe store,
      LogEnds log, MeterRegistry registry, Clock clock, ConsumeSettings settings) {
    return new StallWatch(assignments, reports, writerStart::someConsumerEnded, store, log,
        new PartitionMeters(registry, () -> assignments.owned().size()), clock, settings.stalledAfter());
  }

  @Bean
  ProgressHealthIndicator progressHealthIndicator(StallWatch watch) {
    return new ProgressHealthIndicator(watch);
  }
}
