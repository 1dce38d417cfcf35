package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.HttpConfiguration;
import com.elephantasm.events.http.access.AccessConfiguration;
import com.elephantasm.events.log.ChangeLogConfiguration;
import com.elephantasm.events.servers.ContainerTestKafka;
import com.elephantasm.events.servers.ContainerTestPostgres;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reads and amendments over HTTP, on a real database and a real log, without what fills the store. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, classes = {QueryIntegrationTest.Reads.class,
    QueryIntegrationTest.Servers.class}, properties = {"server.address=127.0.0.1", "elephantasm.log.partitions=2",
        "elephantasm.query.max-streams=2"})
@DisplayNameGeneration(ReplaceUnderscores.class)
public abstract class QueryIntegrationTest {
  private static final TestPostgres POSTGRES = TestPostgres.start();
  private static final TestKafka KAFKA = TestKafka.start();
  private static final String SERVERS = "tests.servers";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern NEXT = Pattern.compile("<([^<> ]+)>; rel=\"next\"");

  static {
    Flyway.configure().dataSource(POSTGRES.jdbcUrl(), POSTGRES.username(), POSTGRES.password()).load().migrate();
    Runtime.getRuntime().addShutdownHook(new Thread(KAFKA::close));
  }

  @Autowired
  protected JdbcClient jdbc;
  @LocalServerPort
  private int port;

  /** Every test has a spirit of its own. */
  protected final UUID spirit = UUID.randomUUID();

  /** No configuration by its annotations: the tests that start the whole writer scan this package, too. */
  @EnableAutoConfiguration
  @ComponentScan({"com.elephantasm.events.writer.query", "com.elephantasm.events.writer.amend",
      "com.elephantasm.events.writer.deadletter", "com.elephantasm.events.writer.progress",
      "com.elephantasm.events.writer.replay", "com.elephantasm.events.writer.store"})
  @Import({AccessConfiguration.class, HttpConfiguration.class, ChangeLogConfiguration.class})
  static class Reads {}

  /** What Boot connects to, whatever the settings say. */
  static class Servers {
    @Bean
    @ServiceConnection
    @ConditionalOnProperty(name = SERVERS, havingValue = "containers")
    KafkaContainer kafkaContainer() {
      return ((ContainerTestKafka) KAFKA).container();
    }

    @Bean
    @ServiceConnection
    @ConditionalOnProperty(name = SERVERS, havingValue = "containers")
    PostgreSQLContainer postgresContainer() {
      return ((ContainerTestPostgres) POSTGRES).container();
    }

    @Bean
    @ConditionalOnProperty(name = SERVERS, havingValue = "embedded", matchIfMissing = true)
    KafkaConnectionDetails embeddedKafka() {
      return () -> List.of(KAFKA.bootstrapServers());
    }

    @Bean
    @ConditionalOnProperty(name = SERVERS, havingValue = "embedded", matchIfMissing = true)
    JdbcConnectionDetails embeddedPostgres() {
      return new JdbcConnectionDetails() {
        @Override
        public String getJdbcUrl() {
          return POSTGRES.jdbcUrl();
        }

        @Override
        public String getUsername() {
          return POSTGRES.username();
        }

        @Override
        public String getPassword() {
          return POSTGRES.password();
        }
      };
    }
  }

  protected EventRow event() {
    return new EventRow(jdbc, spirit);
  }

  protected URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + port).resolve(pathAndQuery);
  }

  protected HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @param headers names and values in turn */
  protected HttpResponse<String> get(String pathAndQuery, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(pathAndQuery));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** The bytes that come back for a path that need not be one, until the server closes the connection. */
  protected String answer(String pathAndQuery) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String request = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".formatted(pathAndQuery);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  protected static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  /** Path and query of the list of this test's spirit, with further parameters as names and values in turn. */
  protected String events(String... parameters) {
    return path("/api/v1/events", parameters);
  }

  protected String path(String path, String... parameters) {
    StringBuilder uri = new StringBuilder(path).append("?agent_id=").append(spirit);
    for (int i = 0; i < parameters.length; i += 2) {
      uri.append('&').append(parameters[i]).append('=')
          .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
    }
    return uri.toString();
  }

  /** The ids of the events that are listed. */
  protected List<UUID> ids(String pathAndQuery) {
    HttpResponse<String> response = get(pathAndQuery);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ids(response);
  }

  protected static List<UUID> ids(HttpResponse<String> response) {
    List<UUID> ids = new ArrayList<>();
    json(response).forEach(item -> ids.add(UUID.fromString(item.get("id").asString())));
    return ids;
  }

  /** Where the list goes on; null where it has ended. */
  protected static @Nullable String next(HttpResponse<String> response) {
    String link = response.headers().firstValue("Link").orElse(null);
    if (link == null) {
      return null;
    }
    Matcher matcher = NEXT.matcher(link);
    assertThat(matcher.matches()).as(link).isTrue();
    return matcher.group(1);
  }

  /** All ids of a list, page after page. */
  protected List<UUID> walk(String first, Runnable betweenPages) {
    List<UUID> ids = new ArrayList<>();
    for (String page = first; page != null; betweenPages.run()) {
      HttpResponse<String> response = get(page);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      ids.addAll(ids(response));
      page = next(response);
    }
    return ids;
  }

  /** The errors of a problem, each as its part of the request and its pointer. */
  protected static List<String> errors(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    List<String> errors = new ArrayList<>();
    json(response).get("errors")
        .forEach(error -> errors.add(error.get("in").asString() + " " + error.get("pointer").asString()));
    return errors;
  }

  protected static String problemType(HttpResponse<String> response) {
    return json(response).get("type").asString().replaceFirst(".*:", "");
  }
}
