package com.elephantasm.events.writer.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConsumeConfigurationTest {
  private static Map<String, Object> consumers(Map<String, Object> configured) {
    return ConsumeConfiguration.consumers(new DefaultKafkaConsumerFactory<>(configured),
        new ConsumeSettings("group", 2, 2000, Duration.ofMinutes(5), GroupProtocol.CLASSIC), false)
        .getConfigurationProperties();
  }

  @Test
  void a_consumer_hears_within_half_a_second_that_another_one_joins() {
    assertThat(consumers(Map.of())).containsEntry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
  }

  @Test
  void a_heartbeat_that_is_configured_stays() {
    assertThat(consumers(Map.of(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2000)))
        .containsEntry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2000);
  }
}
