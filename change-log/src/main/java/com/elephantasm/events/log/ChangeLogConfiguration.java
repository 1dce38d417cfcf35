package com.elephantasm.events.log;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** Wires the log into a service that imports this, on top of Boot's {@code spring.kafka.*}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LogSettings.class)
public class ChangeLogConfiguration {
  /** What the promise rests on is set here, above whatever the configuration says. */
  @Bean
  DefaultKafkaProducerFactoryCustomizer acknowledgedByAllInSyncReplicas(LogSettings settings) {
    return factory -> factory.updateConfigs(Map.of(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
        ByteArraySerializer.class,
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class, ProducerConfig.ACKS_CONFIG, "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true, ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        (int) settings.maxRecordSize().toBytes(), ProducerConfig.BUFFER_MEMORY_CONFIG, settings.bufferSize().toBytes(),
        ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.blockTimeout().toMillis(),
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
        (int) settings.deliveryTimeout().toMillis(), ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        (int) settings.deliveryTimeout().toMillis() / 2, ProducerConfig.LINGER_MS_CONFIG, 0));
  }

  @Bean
  KafkaTemplate<byte[], byte[]> changeLogTemplate(ProducerFactory<byte[], byte[]> producers) {
    return new KafkaTemplate<>(producers);
  }

  @Bean
  OutcomeListener outcomeListener(ConsumerFactory<byte[], byte[]> consumers, LogSettings settings) {
    Map<String, Object> properties = new HashMap<>(consumers.getConfigurationProperties());
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return new OutcomeListener(() -> new KafkaConsumer<>(properties), settings.outcomesTopic());
  }

  @Bean
  ChangeLog changeLog(KafkaTemplate<byte[], byte[]> changeLogTemplate, OutcomeListener outcomes, LogSettings settings,
      Clock clock) {
    return new ChangeLog(changeLogTemplate, outcomes, settings.topic(), "/elephantasm", clock);
  }

  @Bean
  OutcomePublisher outcomePublisher(KafkaTemplate<byte[], byte[]> changeLogTemplate, LogSettings settings,
      Clock clock) {
    return new OutcomePublisher(changeLogTemplate, settings.outcomesTopic(), clock);
  }

  @Bean
  NewTopic changesTopic(LogSettings settings) {
    return TopicBuilder.name(settings.topic()).partitions(settings.partitions())
        .config(TopicConfig.RETENTION_MS_CONFIG, "-1").config(TopicConfig.RETENTION_BYTES_CONFIG, "-1")
        .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(settings.maxRecordSize().toBytes())).build();
  }

  @Bean
  NewTopic outcomesTopic(LogSettings settings) {
    return TopicBuilder.name(settings.outcomesTopic()).partitions(settings.partitions())
        .config(TopicConfig.RETENTION_MS_CONFIG, Long.toString(settings.outcomesRetention().toMillis()))
        .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(settings.maxRecordSize().toBytes())).build();
  }

  @Bean
  TopicCreation topicCreation(KafkaAdmin admin) {
    return new TopicCreation(admin);
  }
}
