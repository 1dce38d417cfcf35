package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** What a client cannot do to the server, and how tails end when the server stops. */
class TailBoundsTest extends TailIntegrationTest {
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"([0-9]+)");
  private static final int LARGE = 100_000;
  private static final int EVENTS = 300;

  private static ConfigurableApplicationContext narrow;

  @BeforeAll
  static void start() {
    narrow = writer("--elephantasm.tail.max-tails=2", "--elephantasm.tail.patience=500ms",
        "--elephantasm.tail.total-buffer=300KB", "--elephantasm.tail.heartbeat=100ms");
  }

  @AfterAll
  static void stop() {
    narrow.close();
  }

  /** Those of the test before are found to have gone with their next heartbeat. */
  @BeforeEach
  void awaitRoom() {
    awaitFact(() -> narrow.getBean(Tails.class).open() == 0);
  }

  @Test
  void a_client_that_cannot_keep_up_is_told_and_dropped_and_loses_nothing() throws Exception {
    log.spirit(spirit).store();
    List<Integer> shown = new ArrayList<>();
    String place;
    try (Socket slow = rawTail()) {
      store();
      // Stuck: it holds a page, or what is left of it, for longer than its client is given.
      BufferedBytes bytes = narrow.getBean(BufferedBytes.class);
      await().atMost(Duration.ofMinutes(1)).pollDelay(Duration.ofSeconds(1)).until(() -> bytes.held() > 0);
      // The others are none the worse for it.
      awaitContentsOfAll(tail(narrow, TailCursor.START.encoded()));

      String body = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(body).endsWith("\r\n0\r\n\r\n");
      // The ends of chunks (RFC 9112, section 7.1) fall anywhere.
      String text = body.replaceAll("\r\n([0-9a-f]+\r\n)?", "");
      assertThat(text).contains("event: dropped\n");
      String dropped = text.substring(text.indexOf("event: dropped\n"));
      assertThat(dropped).contains("urn:elephantasm:problem:overloaded").contains("Last-Event-ID");
      place = Pattern.compile("id: (.*)").matcher(dropped).results().findFirst().orElseThrow().group(1);
      CONTENT.matcher(text).results().map(MatchResult::group).forEach(content -> shown.add(number(content)));
      assertThat(bytes.held()).isZero();
    }
    assertThat(shown.size()).isLessThan(EVENTS);
    TailClient resumed = tail(ONE, place);
    awaitFact(() -> shown.size() + resumed.messages().size() >= EVENTS);
    resumed.messages().forEach(message -> shown.add(number("\"content\":\"" + message.content())));
    assertThat(shown).hasSize(EVENTS).isSorted().doesNotHaveDuplicates();
  }

  private void store() {
    for (int i = 0; i < EVENTS; i++) {
      log.event(spirit, i + "x".repeat(LARGE)).store();
    }
  }

  private static void awaitContentsOfAll(TailClient tail) {
    awaitFact(() -> tail.messages().size() == EVENTS);
    tail.close();
  }

  private static int number(String content) {
    return Integer.parseInt(content.replaceAll("^.*\":\"([0-9]+).*$", "$1"));
  }

  /** One that reads nothing but the beginning, with as little room as a socket can have. */
  private Socket rawTail() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress("127.0.0.1", port(narrow)));
    String request = "GET /api/v1/events/stream?agent_id=%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        .formatted(spirit);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    readUntil(socket.getInputStream(), "retry: 1000\n");
    return socket;
  }

  private static void readUntil(InputStream input, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = input.read();
      assertThat(next).as("%s", read).isNotNegative();
      read.append((char) next);
    }
  }

  @Test
  void a_tail_too_many_is_refused_at_once_and_one_that_has_gone_makes_room() {
    TailClient first = tail(narrow, null);
    TailClient second = tail(narrow, null);
    HttpResponse<String> refused = get(uri(narrow, spirit));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("urn:elephantasm:problem:overloaded");
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();

    first.close();
    awaitFact(() -> narrow.getBean(Tails.class).open() == 1);
    tail(narrow, null);
    assertThat(second.hasEnded()).isFalse();
  }

  @Test
  void tails_end_at_once_when_the_service_stops_and_go_on_elsewhere() {
    log.spirit(spirit).store();
    ConfigurableApplicationContext third = writer();
    TailClient idle = tail(third, null);
    TailClient tail = tail(third, null);
    log.event(spirit, "before").store();
    awaitContents(tail, "before");
    Instant start = Instant.now();
    third.close();

    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
    awaitFact(() -> tail.hasEnded() && idle.hasEnded());
    log.event(spirit, "after").store();
    awaitContents(tail(ONE, tail.lastEventId()), "after");
    awaitContents(tail(OTHER, idle.firstPlace()), "before", "after");
  }
}
