package com.elephantasm.events.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.servers.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutageTest {
  private static final String PATH = "/api/v1/spirits";
  private static final String BATCH = "/api/v1/events/batch";
  private static final String EVENT = "{\"agent_id\":\"4ed77144-2596-5006-899e-2dbe2ab3832e\",\"event_type\":\"system\",\"content\":\"\"}";
  private static final String BODY = "{\"name\":\"Ada\"}";
  private static final Duration BOUND = Duration.ofSeconds(10);

  @Test
  void while_Kafka_is_away_the_answer_is_503_and_when_it_is_back_the_service_goes_on() throws Exception {
    try (TestKafka kafka = TestKafka.start();
        ConfigurableApplicationContext service = IngestApplication.start(
            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers())) {
      Client client = new Client(service);
      assertThat(client.send("POST", PATH, BODY, "Prefer", "respond-async").status()).isEqualTo(202);
      kafka.stop();
      unavailable(client, "respond-async");
      unavailable(client, "wait=1");
      kafka.restart();
      await().atMost(Duration.ofMinutes(1))
          .until(() -> client.send("POST", PATH, BODY, "Prefer", "respond-async").status() == 202);
      try (StandInWriter _ = new StandInWriter(kafka.bootstrapServers(), service.getBean(OutcomePublisher.class))) {
        await().atMost(Duration.ofMinutes(1))
            .until(() -> client.send("POST", PATH, BODY, "Prefer", "wait=1").status() == 201);
      }
    }
  }

  private static void unavailable(Client client, String prefer) {
    Instant start = Instant.now();
    Answer answer = client.send("POST", PATH, BODY, "Prefer", prefer);
    assertThat(Duration.between(start, Instant.now())).isLessThan(BOUND);
    answer.problem(503, "log-unavailable");
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void a_request_that_waits_gets_its_answer_when_the_service_stops() throws Exception {
    try (TestKafka kafka = TestKafka.start()) {
      ConfigurableApplicationContext service = IngestApplication.start(
          "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers());
      Client client = new Client(service);
      SpiritId silent = StandInWriter.newSpirit();
      try (
          StandInWriter writer = new StandInWriter(kafka.bootstrapServers(), service.getBean(OutcomePublisher.class))) {
        writer.answer(silent, (_, _) -> null);
        CompletableFuture<Answer> running = CompletableFuture
            .supplyAsync(() -> client.send("PUT", PATH + "/" + silent, BODY, "Prefer", "wait=5"));
        await().until(() -> !writer.reads(change -> change.spiritId().equals(silent)).isEmpty());
        service.close();
        assertThat(running.join().status()).isEqualTo(202);
      }
    }
  }

  @Test
  void an_upload_goes_on_while_Kafka_is_away_and_says_which_lines_were_not_taken() throws Exception {
    try (TestKafka kafka = TestKafka.start();
        ConfigurableApplicationContext service = IngestApplication.start(
            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers())) {
      Client client = new Client(service);
      try (LiveUpload upload = new LiveUpload(client.port())) {
        assertThat(statusOfNext(upload)).isEqualTo(202);
        kafka.stop();
        Instant start = Instant.now();
        assertThat(statusOfNext(upload)).isEqualTo(503);
        assertThat(Duration.between(start, Instant.now())).isLessThan(BOUND);
        client.send("POST", BATCH, "[" + EVENT + "]").problem(503, "log-unavailable");
        client.send("POST", BATCH, "[" + EVENT + ",{}]", "Prefer", "wait=1").problem(503, "log-unavailable");
        assertThat(client.send("POST", BATCH, "[{}]").status()).isEqualTo(207);
        // Meanwhile, as an upload that says nothing for long is cut off.
        CompletableFuture<Void> restart = CompletableFuture.runAsync(kafka::restart);
        await().atMost(Duration.ofMinutes(2)).until(() -> statusOfNext(upload) == 202);
        restart.join();
        JsonNode summary = upload.finish().receipts().getLast().at("/summary");
        assertThat(summary.at("/complete").asBoolean()).isTrue();
        assertThat(summary.at("/by_status/202").asInt()).isEqualTo(2);
        assertThat(summary.at("/by_status/503").asInt()).isPositive();
      }
    }
  }

  private static int statusOfNext(LiveUpload upload) {
    return requireNonNull(upload.send(EVENT + "\n").receipt()).at("/status").asInt();
  }

  @Test
  void an_upload_ends_with_a_summary_when_the_service_stops() {
    try (TestKafka kafka = TestKafka.start()) {
      ConfigurableApplicationContext service = IngestApplication.start(
          "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers());
      CompletableFuture<Void> stopped;
      try (LiveUpload upload = new LiveUpload(new Client(service).port())) {
        assertThat(statusOfNext(upload)).isEqualTo(202);
        stopped = CompletableFuture.runAsync(service::close);
        JsonNode summary = requireNonNull(upload.receipt()).at("/summary");
        assertThat(summary.at("/complete").asBoolean()).isFalse();
        assertThat(summary.at("/lines").asInt()).isEqualTo(1);
        assertThat(summary.at("/detail").asString()).contains("stopping");
        assertThat(upload.receipt()).isNull();
      }
      assertThat(stopped).succeedsWithin(Duration.ofSeconds(30));
    }
  }
}
