package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.servers.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** A service with room for very little. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class OverloadTest {
  private static final String PATH = "/api/v1/spirits";
  private static final String BODY = "{\"name\":\"Ada\"}";

  private static TestKafka kafka;
  private static ConfigurableApplicationContext service;
  private static StandInWriter writer;
  private static Client client;

  @BeforeAll
  static void start() {
    kafka = TestKafka.start();
    service = IngestApplication.start("--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
        "--server.port=0", "--elephantasm.http.max-in-flight=2", "--elephantasm.http.max-waiting=1",
        "--elephantasm.http.max-body-memory=1000B", "--server.tomcat.connection-timeout=5s");
    writer = new StandInWriter(kafka.bootstrapServers(), service.getBean(OutcomePublisher.class));
    client = new Client(service);
    client.awaitOutcomes();
  }

  @AfterAll
  static void stop() {
    writer.close();
    service.close();
    kafka.close();
  }

  /** Sends a request all but the last byte of its body, which so is worked on until that comes. */
  private static Socket unfinished(String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(),
        Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port")));
    send(socket, "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        + "Content-Length: " + body.length() + "\r\n\r\n" + body.substring(0, body.length() - 1));
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static Answer post() {
    return client.send("POST", PATH, BODY);
  }

  private static void awaitRefused() {
    await().atMost(Duration.ofMinutes(1)).until(() -> post().status() == 503);
  }

  @Test
  void what_is_more_than_can_be_worked_on_is_refused_at_once_and_what_was_let_in_is_finished() throws Exception {
    try (Socket one = unfinished(BODY); Socket two = unfinished(BODY)) {
      awaitRefused();
      Answer refused = post();
      assertThat(refused.problem(503, "overloaded").at("/detail").asString()).contains("2 requests");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(client.send("GET", "/health", (String) null).status()).isEqualTo(200);
      send(one, "}");
      send(two, "}");
      // 202 where both come to wait at once, as only one may.
      assertThat(rest(one)).matches("(?s)HTTP/1\\.1 20[12] .*");
      assertThat(rest(two)).matches("(?s)HTTP/1\\.1 20[12] .*");
    }
    assertThat(post().status()).isEqualTo(201);
  }

  @Test
  void bodies_share_a_bounded_memory() throws Exception {
    String large = BODY.replace("Ada", "A".repeat(200)).replace("}", " ".repeat(700) + "}");
    try (Socket one = unfinished(large)) {
      await().atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> client.send("POST", PATH, large).problem(503, "overloaded"));
      assertThat(post().status()).isEqualTo(201);
      send(one, "}");
      assertThat(rest(one)).startsWith("HTTP/1.1 201 ");
    }
    await().atMost(Duration.ofMinutes(1)).until(() -> client.send("POST", PATH, large).status() == 201);
  }

  @Test
  void where_too_many_wait_for_the_store_the_answer_is_202_at_once() {
    SpiritId silent = StandInWriter.newSpirit();
    writer.answer(silent, (_, _) -> null);
    CompletableFuture<Answer> waiting = CompletableFuture
        .supplyAsync(() -> client.send("PUT", PATH + "/" + silent, BODY, "Prefer", "wait=30"));
    await().atMost(Duration.ofMinutes(1))
        .until(() -> !writer.reads(change -> change.spiritId().equals(silent)).isEmpty());
    assertThat(post().status()).isEqualTo(202);
    assertThat(waiting).isNotDone();
    waiting.cancel(true);
  }

  @Test
  void a_client_that_stops_in_the_middle_of_a_body_is_answered_and_disconnected() throws Exception {
    try (Socket half = unfinished(BODY)) {
      assertThat(rest(half)).startsWith("HTTP/1.1 408 ").contains("urn:elephantasm:problem:request-timeout");
    }
  }

  @Test
  void a_client_that_stops_in_the_middle_of_the_headers_is_disconnected() throws Exception {
    try (Socket half = new Socket(InetAddress.getLoopbackAddress(),
        Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port")))) {
      send(half, "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nConte");
      half.setSoTimeout(60_000);
      assertThat(rest(half)).doesNotContain("HTTP/1.1 2");
    }
  }
}
