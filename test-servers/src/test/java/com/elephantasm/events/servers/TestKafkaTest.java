package com.elephantasm.events.servers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TestKafkaTest {
  private static final String BROKER = "1";

  @Test
  void it_is_a_container_where_containers_are_asked_for_and_no_other_place() throws Exception {
    try (TestKafka kafka = TestKafka.start(); Admin admin = admin(kafka)) {
      Path logs = Path.of(setting(admin, "log.dirs"));
      assertThat(Files.exists(logs.resolve("meta.properties"))).isEqualTo(!TestPostgresTest.containersAreAskedFor());
      assertThat(setting(admin, "auto.create.topics.enable")).isEqualTo("false");
      assertThat(setting(admin, "log.flush.interval.messages")).isEqualTo("1");
      assertThat(setting(admin, "log.retention.ms")).isEqualTo("-1");
      assertThatThrownBy(() -> admin.describeTopics(List.of("missing")).allTopicNames().get())
          .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @Test
  void it_comes_late_goes_and_comes_again_with_its_address_and_data() throws Exception {
    TestKafka kafka = TestKafka.stopped();
    String address = kafka.bootstrapServers();
    assertSilent(kafka);
    kafka.restart();
    try (Admin admin = admin(kafka)) {
      admin.createTopics(List.of(new NewTopic("topic", Optional.of(1), Optional.empty()))).all().get();
      assertThat(publish(kafka)).isZero();
      kafka.stop();
      assertSilent(kafka);

      kafka.restart();
      assertThat(kafka.bootstrapServers()).isEqualTo(address);
      assertThat(publish(kafka)).isEqualTo(1);
    }
    kafka.close();
    kafka.close();
    assertSilent(kafka);
  }

  private static Admin admin(TestKafka kafka) {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  private static String setting(Admin admin, String name) throws Exception {
    ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, BROKER);
    return requireNonNull(admin.describeConfigs(List.of(broker)).values().get(broker)).get().get(name).value();
  }

  private static void assertSilent(TestKafka kafka) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers(), "request.timeout.ms", 500,
        "default.api.timeout.ms", 1000))) {
      assertThatThrownBy(() -> admin.describeCluster().nodes().get()).isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TimeoutException.class);
    }
  }

  /** The record's offset. */
  private static long publish(TestKafka kafka) throws Exception {
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"), new StringSerializer(),
        new StringSerializer())) {
      return producer.send(new ProducerRecord<>("topic", "value")).get().offset();
    }
  }
}
