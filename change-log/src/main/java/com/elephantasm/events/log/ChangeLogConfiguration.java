package com.elephantasm.events.log;

import com.elephantasm.events.settings.SettingException;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Wires the log into a service that imports this, on top of Boot's {@code spring.kafka.*}: where Kafka is and how to log in
 * there is read from it, what the promises rest on is set here, above whatever it says.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LogSettings.class)
public class ChangeLogConfiguration {
  private static final String SOURCE = "/elephantasm";
  private static final String TRACER = "com.elephantasm.events.log";
  /** Of records of one partition; a stream of them waits for each batch, so larger ones are faster. Nobody waits for one to fill. */
  private static final long BATCH_SIZE = 128 * 1024;
  /** Several partitions have several batches each in the buffer. */
  private static final int LEAST_BATCHES = 64;

  /** The clock of whoever has none. */
  @Bean
  @Fallback
  Clock systemClock() {
    return Clock.systemUTC();
  }

  /** Acknowledged by all in-sync replicas, in order for each spirit, once, and within bounds of memory and time. */
  @Bean
  KafkaTemplate<byte[], byte[]> changeLogTemplate(ProducerFactory<byte[], byte[]> producers, LogSettings settings) {
    requirePromisedAcknowledgement(producers.getConfigurationProperties());
    int deliveryTimeout = (int) settings.deliveryTimeout().toMillis();
    KafkaTemplate<byte[], byte[]> template = new KafkaTemplate<>(producers,
        Map.ofEntries(Map.entry(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
            Map.entry(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class),
            Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
            Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
            Map.entry(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE),
            // What comes while one is on its way goes with the next one, all together; several at a time would be smaller ones, and
            // a broker takes those of a connection one after the other anyway.
            Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
            Map.entry(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false),
            Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, (int) settings.maxOutcomeSize().toBytes()),
            Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, batchSize(settings)),
            Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.bufferSize().toBytes()),
            Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.blockTimeout().toMillis()),
            Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryTimeout),
            Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, deliveryTimeout / 2)),
            Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0)));
    // A transaction id prefix would demand a transaction around each record.
    template.setAllowNonTransactional(true);
    // The default one logs the content of each record that fails.
    template.setProducerListener(null);
    return template;
  }

  private static void requirePromisedAcknowledgement(Map<String, Object> configured) {
    String acks = String.valueOf(configured.getOrDefault(ProducerConfig.ACKS_CONFIG, "all"));
    if (!acks.equals("all") && !acks.equals("-1")) {
      throw new SettingException(
          "spring.kafka.producer.acks is %s: what was acknowledged could be lost with one broker.".formatted(acks),
          "Leave it out, or set it to all.");
    }
  }

  /** What is still to be sent when the service stops has failed after that, as while it runs. */
  @Bean
  DefaultKafkaProducerFactoryCustomizer closingInTime(LogSettings settings) {
    return factory -> factory
        .setPhysicalCloseTimeout(Math.toIntExact(Math.max(1, settings.deliveryTimeout().toSeconds())));
  }

  private static int batchSize(LogSettings settings) {
    return (int) Math.min(BATCH_SIZE, settings.bufferSize().toBytes() / LEAST_BATCHES);
  }

  /** For every consumer of the service. */
  @Bean
  DefaultKafkaConsumerFactoryCustomizer readingTheLogInFull() {
    return factory -> {
      // Partitions added, or a topic deleted and created again, should not go unnoticed for five minutes.
      factory.updateConfigs(
          withDefault(factory.getConfigurationProperties(), ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000));
      factory.updateConfigs(Map.of(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
          // What a producer's transaction took back was never published.
          ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed", ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          false));
    };
  }

  private static Map<String, Object> withDefault(Map<String, Object> configured, String name, Object value) {
    return configured.containsKey(name) ? Map.of() : Map.of(name, value);
  }

  @Bean
  WaitingRequests waitingRequests() {
    return new WaitingRequests();
  }

  @Bean
  LastOutcomes lastOutcomes(WaitingRequests requests) {
    return new LastOutcomes(requests);
  }

  @Bean
  OutcomeListener outcomeListener(ConsumerFactory<byte[], byte[]> consumers, TopicCreation topics,
      WaitingRequests requests, LogSettings settings) {
    Map<String, Object> properties = withoutGroup(consumers);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "outcomes-" + requests.instance());
    // Somebody waits: neither for more records nor, where partitions were added, for long.
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 5_000);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    return new OutcomeListener(() -> new KafkaConsumer<>(properties), settings.outcomesTopic(), topics, requests);
  }

  private static Map<String, Object> withoutGroup(ConsumerFactory<byte[], byte[]> consumers) {
    Map<String, Object> properties = new HashMap<>(consumers.getConfigurationProperties());
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return properties;
  }

  @Bean
  UnacknowledgedBytes unacknowledgedBytes(LogSettings settings) {
    return new UnacknowledgedBytes(
        DataSize.ofBytes(Math.min(settings.maxUnacknowledged().toBytes(), settings.bufferSize().toBytes())));
  }

  @Bean
  LogMeters logMeters(MeterRegistry registry, UnacknowledgedBytes unacknowledged) {
    return new LogMeters(registry, unacknowledged);
  }

  @Bean
  ChangeLog changeLog(KafkaTemplate<byte[], byte[]> changeLogTemplate, TopicCreation topics, WaitingRequests requests,
      UnacknowledgedBytes unacknowledged, LogMeters meters, ObjectProvider<OpenTelemetry> telemetry,
      LogSettings settings, Clock clock) {
    return new ChangeLog(changeLogTemplate, topics, requests, unacknowledged, meters,
        new SendSpans(telemetry.getIfAvailable(OpenTelemetry::noop).getTracer(TRACER)), settings, SOURCE, clock);
  }

  @Bean
  OutcomePublisher outcomePublisher(KafkaTemplate<byte[], byte[]> changeLogTemplate, LogMeters meters,
      LogSettings settings, Clock clock) {
    return new OutcomePublisher(changeLogTemplate, settings.outcomesTopic(), meters, clock);
  }

  @Bean
  SharedAdmin sharedAdmin(KafkaAdmin admin) {
    // Whoever asks it while Kafka is away would wait for 30 seconds.
    admin.setOperationTimeout(5);
    return new SharedAdmin(admin.getConfigurationProperties());
  }

  /** Of whoever only publishes and waits for outcomes. */
  @Bean
  @Fallback
  LogRights rightsOfPublisher() {
    return new LogRights(Set.of(AclOperation.WRITE, AclOperation.DESCRIBE),
        Set.of(AclOperation.READ, AclOperation.DESCRIBE), null);
  }

  @Bean
  LogAccess logAccess(SharedAdmin admin, LogSettings settings, LogRights rights) {
    return new LogAccess(admin, settings, rights);
  }

  @Bean
  TopicCreation topicCreation(SharedAdmin admin, LogAccess access, LogSettings settings) {
    NewTopic changes = newTopic(settings.topic(), settings, settings.topicConfigs());
    NewTopic outcomes = newTopic(settings.outcomesTopic(), settings,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE, TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(settings.outcomesRetention().toMillis()), TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Long.toString(settings.maxOutcomeSize().toBytes())));
    return new TopicCreation(admin, access, List.of(changes, outcomes), settings.topic(), new TopicPromise(settings));
  }

  private static NewTopic newTopic(String name, LogSettings settings, Map<String, String> configs) {
    TopicBuilder topic = TopicBuilder.name(name).partitions(settings.partitions())
        .replicas(settings.replicationFactor()).configs(configs);
    return settings.minInsyncReplicas() == 0
        ? topic.build()
        : topic.config(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Short.toString(settings.minInsyncReplicas())).build();
  }

  @Bean
  @ConditionalOnEnabledHealthIndicator("kafka")
  HealthIndicator kafkaHealthIndicator(ServerHealth servers, SharedAdmin admin, TopicCreation topics,
      LogAccess access) {
    return servers.of("kafka", new KafkaHealth(admin, topics, access));
  }

  @Bean
  @ConditionalOnEnabledHealthIndicator("outcomes")
  HealthIndicator outcomesHealthIndicator(OutcomeListener outcomes) {
    return () -> Health.status(outcomes.isReading() ? Status.UP : Status.DOWN).build();
  }

  @Bean
  ServerHealth serverHealth() {
    return new ServerHealth();
  }

  @Bean
  LogEnds logEnds(SharedAdmin admin, ConsumerFactory<byte[], byte[]> consumers, LogSettings settings) {
    Map<String, Object> properties = withoutGroup(consumers);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "log-ends");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    return new LogEnds(admin, () -> new KafkaConsumer<>(properties), settings.topic());
  }
}
