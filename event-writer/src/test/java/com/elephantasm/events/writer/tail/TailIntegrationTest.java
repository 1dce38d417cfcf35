package com.elephantasm.events.writer.tail;

import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Two whole writers on one database and one log; each test brings its own spirits. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class TailIntegrationTest {
  static final TestPostgres POSTGRES = TestPostgres.start();
  static final TestKafka KAFKA = TestKafka.start();
  static final ConfigurableApplicationContext ONE = writer();
  /** With buffers so small that they are often full. */
  static final ConfigurableApplicationContext OTHER = writer("--elephantasm.tail.buffer=5",
      "--elephantasm.tail.heartbeat=200ms");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  static {
    // JUnit has no last test of several classes; in this order, as a writer without its database would try for long.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      ONE.close();
      OTHER.close();
      KAFKA.close();
    }));
  }

  final UUID spirit = UUID.randomUUID();
  final UUID topic = UUID.randomUUID();
  final StoredLog log = new StoredLog(ONE, topic, 0);
  final JdbcClient jdbc = ONE.getBean(JdbcClient.class);
  private final List<TailClient> clients = new ArrayList<>();

  static ConfigurableApplicationContext writer(String... settings) {
    return writer(POSTGRES, settings);
  }

  static ConfigurableApplicationContext writer(TestPostgres postgres, String... settings) {
    return new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application").registerShutdownHook(false)
        .run(Stream.concat(Stream.of("--server.port=0", "--elephantasm.log.partitions=3",
            "--spring.kafka.bootstrap-servers=" + KAFKA.bootstrapServers(),
            "--spring.datasource.url=" + postgres.jdbcUrl()), Stream.of(settings)).toArray(String[]::new));
  }

  @AfterEach
  void cutTails() {
    clients.forEach(TailClient::close);
  }

  static int port(ConfigurableApplicationContext writer) {
    return writer.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /** With further parameters as names and values in turn. */
  static URI uri(ConfigurableApplicationContext writer, String path, UUID spirit, String... parameters) {
    StringBuilder uri = new StringBuilder("http://127.0.0.1:%d%s?agent_id=%s".formatted(port(writer), path, spirit));
    for (int i = 0; i < parameters.length; i += 2) {
      uri.append('&').append(parameters[i]).append('=')
          .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    return URI.create(uri.toString());
  }

  static URI uri(ConfigurableApplicationContext writer, UUID spirit, String... parameters) {
    return uri(writer, "/api/v1/events/stream", spirit, parameters);
  }

  TailClient tail(ConfigurableApplicationContext writer, @Nullable String lastEventId, String... parameters) {
    TailClient client = new TailClient(uri(writer, spirit, parameters), lastEventId);
    clients.add(client);
    // The first place: the tail is there, and sees whatever is stored from now on.
    awaitFact(() -> client.places() > 0);
    return client;
  }

  static HttpResponse<String> get(URI uri, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void awaitFact(Callable<Boolean> fact) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(fact);
  }

  static void awaitContents(TailClient client, String... contents) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(client.contents()).containsExactly(contents));
  }
}
