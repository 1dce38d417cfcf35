package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Four times as many clients at once as there are places for. */
class OverloadTest extends StandaloneTest {
  private static final int CLIENTS = 400;
  private static final int REQUESTS = 25;

  private record Attempt(String content, int status, boolean saysWhen) {}

  @Test
  void what_is_acknowledged_under_overload_is_stored_and_what_is_refused_is_not() throws Exception {
    String spirit = CLIENT.newSpirit();
    List<Attempt> attempts = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Attempt>>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(clients.submit(client(spirit, i)));
      }
      for (Future<List<Attempt>> client : running) {
        attempts.addAll(client.get());
      }
    }
    assertThat(attempts).hasSize(CLIENTS * REQUESTS).allSatisfy(attempt -> {
      assertThat(attempt.status()).isIn(202, 503);
      assertThat(attempt.saysWhen()).as("Retry-After").isEqualTo(attempt.status() == 503);
    });
    Set<String> accepted = new HashSet<>();
    attempts.stream().filter(attempt -> attempt.status() == 202).map(Attempt::content).forEach(accepted::add);
    assertThat(accepted).isNotEmpty();
    await().atMost(Duration.ofMinutes(1)).until(() -> rows(spirit) >= accepted.size());
    assertThat(contents(spirit)).containsExactlyInAnyOrderElementsOf(accepted);
    assertThat(CLIENT.post("/api/v1/events", event(spirit, "after"), "Prefer", "wait=30").status()).isEqualTo(201);
  }

  private static Collection<@Nullable String> contents(String spirit) {
    return STORE.sql("SELECT content FROM events WHERE agent_id = :spirit::uuid").param("spirit", spirit)
        .query(String.class).list();
  }

  private static String event(String spirit, String content) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"%s\"}".formatted(spirit, content);
  }

  /** Sends one request after the other, without a pause: not even where it is told to make one. */
  private static Callable<List<Attempt>> client(String spirit, int number) {
    return () -> {
      List<Attempt> attempts = new ArrayList<>();
      while (attempts.size() < REQUESTS) {
        connection(spirit, number, attempts);
      }
      return attempts;
    };
  }

  /** Sends until all is sent or the server closes the connection, as it does after a refusal. */
  private static void connection(String spirit, int number, List<Attempt> attempts) throws IOException {
    URI service = URI.create(STANDALONE.url());
    try (Socket socket = new Socket(service.getHost(), service.getPort());
        BufferedReader answers = new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      do {
        String content = number + "/" + attempts.size();
        String body = event(spirit, content);
        socket.getOutputStream().write("""
            POST /api/v1/events HTTP/1.1\r
            Host: %s\r
            Content-Type: application/json\r
            Prefer: respond-async\r
            Content-Length: %d\r
            \r
            %s""".formatted(service.getHost(), body.length(), body).getBytes(StandardCharsets.US_ASCII));
        attempts.add(attempt(content, answers));
      } while (attempts.size() < REQUESTS && attempts.getLast().status() == 202);
    }
  }

  private static Attempt attempt(String content, BufferedReader answers) throws IOException {
    int status = Integer.parseInt(answers.readLine().split(" ")[1]);
    boolean saysWhen = false;
    boolean isChunked = false;
    int length = 0;
    for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
      saysWhen |= line.startsWith("Retry-After: ");
      isChunked |= line.equals("Transfer-Encoding: chunked");
      length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
    }
    if (isChunked) {
      // The bodies are one line each, in chunks of their own.
      while (!answers.readLine().equals("0")) {
        answers.readLine();
      }
      answers.readLine();
    } else {
      assertThat(answers.skip(length)).isEqualTo(length);
    }
    return new Attempt(content, status, saysWhen);
  }
}
