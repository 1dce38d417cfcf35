package com.elephantasm.events.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.servers.TestKafka;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;

class OutageTest extends LogTest {
  /** Both timeouts of the service, and what a busy machine adds. */
  private static final Duration BOUND = Duration.ofSeconds(1 + 3 + 4);

  @Test
  void a_service_that_starts_without_kafka_works_when_it_comes_goes_and_comes_again() throws Exception {
    try (TestKafka kafka = TestKafka.stopped();
        ConfigurableApplicationContext service = service(kafka.bootstrapServers(), "elephantasm.log.buffer-size=64KB",
            "elephantasm.log.max-record-size=32KB");
        ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
      ChangeLog log = service.getBean(ChangeLog.class);
      assertThatExceptionOfType(LogUnavailableException.class).isThrownBy(() -> publish(log, event("too early")));
      assertThat(health(service).getStatus()).isEqualTo(Status.DOWN);

      kafka.restart();
      await().atMost(LONG).until(() -> service.getBean(TopicCreation.class).topicsExist());
      assertSettled(service, kafka.bootstrapServers());
      assertThat(health(service).getStatus()).isEqualTo(Status.UP);
      kafka.stop();

      List<Future<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        receipts.add(requests.submit(() -> publish(log, event("x".repeat(10_000)))));
      }
      for (Future<Receipt> receipt : receipts) {
        assertThat(receipt).failsWithin(BOUND).withThrowableThat().withCauseInstanceOf(LogUnavailableException.class);
      }
      assertThat(buffered(service)).isZero();
      assertOutcomesDoNotHoldUpTheStore(service, requests);

      kafka.restart();
      await().atMost(LONG).ignoreExceptions().until(() -> publish(log, event("back")).position().offset() >= 0);
      assertSettled(service, kafka.bootstrapServers());
      assertThat(health(service).getStatus()).isEqualTo(Status.UP);
    }
  }

  @Test
  void a_Kafka_that_takes_connections_and_says_nothing_is_down() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ConfigurableApplicationContext service = service("127.0.0.1:" + silent.getLocalPort())) {
      assertThat(health(service)).isEqualTo(Health.down().withDetail("error", "no answer within 800 ms").build());
    }
  }

  private static void assertSettled(ConfigurableApplicationContext service, String bootstrap) {
    ChangeLog log = service.getBean(ChangeLog.class);
    OutcomePublisher outcomes = service.getBean(OutcomePublisher.class);
    // The reader may still be on its way back.
    await().atMost(LONG).untilAsserted(() -> {
      try (Writer _ = new Writer(consumer(bootstrap), "elephantasm.events", outcomes, LogTest::stored)) {
        assertThat(publishAndAwait(log, event("settled"), Duration.ofSeconds(2))).isPresent();
      }
    });
  }

  private static void assertOutcomesDoNotHoldUpTheStore(ConfigurableApplicationContext service,
      ExecutorService requests) {
    OutcomePublisher outcomes = service.getBean(OutcomePublisher.class);
    Future<?> batch = requests.submit(() -> {
      for (int i = 0; i < 500; i++) {
        outcomes.publish(stored(event("x".repeat(10_000))), new RecordPosition("elephantasm.events", 0, i),
            new ReplyTo("instance", "request"));
      }
    });
    assertThat(batch).succeedsWithin(BOUND);
  }

  /** What the producer keeps of the buffer it may use. */
  private static double buffered(ConfigurableApplicationContext service) {
    KafkaTemplate<?, ?> template = service.getBean("changeLogTemplate", KafkaTemplate.class);
    return metric(template, "buffer-total-bytes") - metric(template, "buffer-available-bytes");
  }

  private static double metric(KafkaTemplate<?, ?> template, String name) {
    return template.metrics().entrySet().stream().filter(metric -> metric.getKey().name().equals(name))
        .mapToDouble(metric -> (double) metric.getValue().metricValue()).sum();
  }
}
