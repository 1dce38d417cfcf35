package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to the service, as clients do and as clients should not. */
final class Client {
  private static final JsonMapper JSON = new JsonMapper();
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  Client(ConfigurableApplicationContext service) {
    port = Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port"));
  }

  record Answer(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    @Nullable
    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    /** Checks what every problem has. */
    JsonNode problem(int status, String type) {
      assertThat(status()).as(response.body()).isEqualTo(status);
      assertThat(header("Content-Type")).isEqualTo("application/problem+json");
      JsonNode problem = json();
      assertThat(problem.at("/type").asString())
          .isEqualTo(type.contains(":") ? type : "urn:elephantasm:problem:" + type);
      assertThat(problem.at("/status").asInt()).isEqualTo(status);
      assertThat(problem.at("/detail").isString()).isTrue();
      assertThat(problem.at("/title").isString()).isTrue();
      return problem;
    }
  }

  /**
   * @param headers names and values in turn; {@code Content-Type: application/json} unless they say otherwise
   */
  Answer send(String method, String path, @Nullable String body, String... headers) {
    return send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Answer send(String method, String path, byte @Nullable [] body, String... headers) {
    HttpRequest.BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    return send(method, path, publisher, headers);
  }

  Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60)).method(method, body);
    if (!Arrays.asList(headers).contains("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      if (!headers[i + 1].isEmpty()) {
        request.header(headers[i], headers[i + 1]);
      }
    }
    try {
      return new Answer(http.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  int port() {
    return port;
  }

  /** A service that has just started may not read outcomes yet. */
  void awaitOutcomes() {
    await().atMost(Duration.ofMinutes(1))
        .until(() -> send("POST", "/api/v1/spirits", "{\"name\":\"first\"}", "Prefer", "wait=1").status() == 201);
  }

  /** Sends bytes that no HTTP client would, and reads until the server closes. */
  String raw(String request) {
    return raw(request, false);
  }

  /** The same, and then says that there is no more to come. */
  String rawAndNoMore(String request) {
    return raw(request, true);
  }

  private String raw(String request, boolean noMore) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (noMore) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
