package com.elephantasm.events.log;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.SpiritId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class LogTest {
  static final Duration LONG = Duration.ofSeconds(20);
  /** For room on the way into the log. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A service as the others are; twice imported, as in one application with several of them. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(ChangeLogConfiguration.class)
  static class Service {
    @Configuration(proxyBeanMethods = false)
    @Import(ChangeLogConfiguration.class)
    static class Another {}
  }

  static ConfigurableApplicationContext service(String bootstrapServers, String... settings) {
    return new SpringApplicationBuilder(Service.class).web(WebApplicationType.NONE).bannerMode(Banner.Mode.OFF)
        .run(Stream.concat(
            Stream.of("spring.kafka.bootstrap-servers=" + bootstrapServers, "elephantasm.log.partitions=3",
                "elephantasm.log.delivery-timeout=3s", "elephantasm.log.block-timeout=1s"),
            Arrays.stream(settings)).map(setting -> "--" + setting).toArray(String[]::new));
  }

  static Receipt publish(ChangeLog log, Change change) {
    return log.<Outcome>send(change, Way.EVENT, PATIENCE).receipt();
  }

  /** The outcome, if it comes in that time. */
  static Optional<Outcome> publishAndAwait(ChangeLog log, Change change, Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    try (Sent<Outcome> sent = log.send(change, Way.EVENT, PATIENCE, outcome -> outcome)) {
      var _ = sent.receipt();
      return sent.outcome(deadline);
    }
  }

  static Change.EventCreated event(String content) {
    NewEvent event = new NewEvent(new SpiritId(UUID.randomUUID()), "message.in", content, null, null, null, null, null,
        Metadata.EMPTY, null, null, null);
    return Change.EventCreated.of(event, Instant.parse("2026-01-02T03:04:05Z"),
        new Identity.CloudEvent("/test", UUID.randomUUID().toString()));
  }

  static Outcome stored(Change change) {
    Event event = ((Change.EventCreated) change).stored(Instant.parse("2026-01-02T03:04:06Z"));
    return new Outcome.EventStored(event);
  }

  static Health health(ConfigurableApplicationContext service) {
    return requireNonNull(service.getBean("kafkaHealthIndicator", HealthIndicator.class).health());
  }

  static Admin admin(String bootstrapServers) {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrapServers), new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  static ConsumerRecord<byte[], byte[]> recordAt(String bootstrapServers, String topic, int partition, long offset) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers)) {
      TopicPartition at = new TopicPartition(topic, partition);
      consumer.assign(List.of(at));
      consumer.seek(at, offset);
      return consumer.poll(LONG).records(at).getFirst();
    }
  }
}
