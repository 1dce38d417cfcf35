package com.elephantasm.events.writer.consume;

import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.writer.progress.StoreProgress;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogPartitions;
import com.elephantasm.events.writer.store.StoreMigration;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ContainerProperties;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConsumeSettings.class)
class ConsumeConfiguration {
  @Bean
  TopicIds topicIds(KafkaAdmin admin) {
    return new TopicIds(admin);
  }

  @Bean
  ChangeConsumer changeConsumer(ChangeStore store, LogPartitions partitions, TopicIds topicIds,
      OutcomePublisher outcomes, StoreProgress progress) {
    return new ChangeConsumer(store, partitions, topicIds, outcomes, progress);
  }

  @Bean
  ConcurrentMessageListenerContainer<byte[], byte[]> changeConsumerContainer(ConsumerFactory<byte[], byte[]> boot,
      ChangeConsumer listener, TopicIds topicIds, LogSettings log, ConsumeSettings settings) {
    ContainerProperties properties = new ContainerProperties(log.topic());
    properties.setGroupId(settings.group());
    properties.setMessageListener(listener);
    properties.setAckMode(ContainerProperties.AckMode.BATCH);
    properties.setConsumerRebalanceListener(forgetting(topicIds));
    properties.setAuthExceptionRetryInterval(Duration.ofSeconds(10));
    properties.setShutdownTimeout(Duration.ofSeconds(30).toMillis());
    ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
        consumers(boot, settings), properties);
    container.setConcurrency(settings.threads());
    container.setCommonErrorHandler(new RetryForever(listener));
    container.setBeanName("writer");
    container.setAutoStartup(false);
    return container;
  }

  /** What every reader of the log has in common is set in the log's own configuration. */
  private static ConsumerFactory<byte[], byte[]> consumers(ConsumerFactory<byte[], byte[]> boot,
      ConsumeSettings settings) {
    Map<String, Object> config = new HashMap<>(boot.getConfigurationProperties());
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchSize());
    config.putIfAbsent(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
    // A writer that was killed gives its partitions up after this, not after Kafka's 45 s.
    config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    return new DefaultKafkaConsumerFactory<>(config);
  }

  @Bean
  WriterStart writerStart(StoreMigration migration,
      ConcurrentMessageListenerContainer<byte[], byte[]> changeConsumerContainer) {
    return new WriterStart(migration, changeConsumerContainer);
  }

  @Bean
  ConsumerHealthIndicator consumerHealthIndicator(
      ConcurrentMessageListenerContainer<byte[], byte[]> changeConsumerContainer) {
    return new ConsumerHealthIndicator(changeConsumerContainer);
  }

  private static ConsumerAwareRebalanceListener forgetting(TopicIds topicIds) {
    return new ConsumerAwareRebalanceListener() {
      @Override
      public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        topicIds.forget();
      }
    };
  }
}
