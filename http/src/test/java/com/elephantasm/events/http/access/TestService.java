package com.elephantasm.events.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.limit.LimitConfiguration;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service on a port of its own that has access control, and controllers that say whom they were given. */
public final class TestService implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;

  @SpringBootConfiguration
  @EnableAutoConfiguration
  @Import({AccessConfiguration.class, LimitConfiguration.class, Echo.class})
  static class Application {}

  @RestController
  static final class Echo {
    @RequestMapping({"/api/v1/events", "/api/v1/dead-letters/1", "/other"})
    String caller(Caller caller) {
      return caller.toString();
    }

    @RequestMapping({"/", "/health", "/docs"})
    String open() {
      return "open";
    }
  }

  /** @param settings as {@code name=value} */
  public TestService(String... settings) {
    String[] arguments = Stream.concat(
        Stream.of("server.port=0", "spring.main.banner-mode=off",
            "management.endpoint.health.group.readiness.include=readinessState"),
        Arrays.stream(settings)).map(setting -> "--" + setting).toArray(String[]::new);
    context = new SpringApplicationBuilder(Application.class).properties("spring.config.name=http").run(arguments);
  }

  int port(String name) {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty(name));
  }

  /** An answer of the service. */
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    /** The problem's detail. */
    public String problem(int status, String type) {
      assertThat(status()).as(body()).isEqualTo(status);
      assertThat(header("Content-Type")).isEqualTo("application/problem+json");
      JsonNode problem = JSON.readTree(body());
      assertThat(problem.at("/type").asString()).isEqualTo("urn:elephantasm:problem:" + type);
      assertThat(problem.at("/status").asInt()).isEqualTo(status);
      return problem.at("/detail").asString();
    }
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, headers);
  }

  /** @param headers names and values in turn */
  public Answer send(String method, String path, String... headers) {
    return send(port("local.server.port"), method, path, headers);
  }

  Answer send(int port, String method, String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60)).method(method, BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new Answer(http.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The status line of the answer to a path as no client sends it. */
  String statusOf(String path, String header) throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port("local.server.port"))) {
      String request = "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\nConnection: close\r\n\r\n".formatted(path, header);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\r\n", 2)[0];
    }
  }

  @Override
  public void close() {
    context.close();
    http.close();
  }
}
