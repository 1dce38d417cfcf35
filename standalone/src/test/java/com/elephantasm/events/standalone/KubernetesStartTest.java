package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.Ports;
import com.elephantasm.events.http.access.ApiKey;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The services with the environment that their manifests give them, except for where the servers are. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KubernetesStartTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String KEYS = "keys.yaml";
  /** Whoever leaves it there is told so by a service that does not start. */
  private static final String PLACEHOLDER = "the-sha256-of-the-key";
  private static final ApiKey KEY = ApiKey.random();
  private static final String SPIRIT = "/api/v1/spirits/" + UUID.randomUUID();

  @TempDir
  private Path mounted;

  @Test
  void both_services_become_ready_where_the_probes_ask_and_know_their_callers() throws Exception {
    String example = Files.readString(Manifests.ROOT.resolve("components/secrets/%s.example".formatted(KEYS)));
    assertThat(example).contains(PLACEHOLDER);
    Files.writeString(mounted.resolve(KEYS),
        Pattern.compile(PLACEHOLDER).matcher(example.replaceFirst(PLACEHOLDER, KEY.sha256()))
            .replaceAll(_ -> ApiKey.random().sha256()));
    try (TestPostgres postgres = TestPostgres.start();
        TestKafka kafka = TestKafka.start()) {
      Map<String, String> common = environment("base/settings.env", "components/secrets/kafka.env.example");
      common.replace("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
      common.replace("SPRING_CONFIG_ADDITIONAL_LOCATION", "file:" + mounted.resolve(KEYS));
      Map<String, String> writer = environment("base/event-writer.env", "components/secrets/database.env.example");
      writer.replace("SPRING_DATASOURCE_URL", postgres.jdbcUrl());
      writer.replace("SPRING_DATASOURCE_USERNAME", postgres.username());
      writer.replace("SPRING_DATASOURCE_PASSWORD", postgres.password());
      writer.putAll(common);
      try (Started reads = start("event-writer", WriterApplication.class, writer);
          // What is on this class path only for the writer.
          Started writes = start("ingest-api", IngestApplication.class, common,
              "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                  + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")) {
        reads.awaitProbes();
        writes.awaitProbes();
        assertThat(writes.stranger().send("PUT", SPIRIT, "{\"name\": \"Ada\"}").status()).isEqualTo(401);
        assertThat(writes.caller().send("PUT", SPIRIT, "{\"name\": \"Ada\"}").status()).isEqualTo(201);
        assertThat(reads.stranger().get(SPIRIT).status()).isEqualTo(401);
        assertThat(reads.caller().get(SPIRIT).status()).isEqualTo(200);
      }
    }
  }

  private record Started(ChildProcess process, Client stranger, Client caller, JsonNode container)
      implements
        AutoCloseable {
    private void awaitProbes() {
      for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
        String path = container.at("/%s/httpGet/path".formatted(probe)).asString();
        await().ignoreExceptions().atMost(PATIENCE).until(() -> stranger.get(path).status() == 200);
      }
    }

    @Override
    public void close() {
      process.close();
    }
  }

  private static Map<String, String> environment(String... files) {
    Map<String, String> variables = new TreeMap<>();
    for (String file : files) {
      variables.putAll(Manifests.variables(file));
    }
    return variables;
  }

  private static Started start(String name, Class<?> application, Map<String, String> environment, String... more) {
    int port = Ports.anyFree();
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--server.port=" + port);
    ChildProcess process = new ChildProcess(environment, List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"), application,
        arguments.toArray(String[]::new));
    String url = "http://127.0.0.1:" + port;
    return new Started(process, new Client(url), new Client(url, "Authorization", "Bearer " + KEY.value()),
        Manifests.one("Deployment", name).json().at("/spec/template/spec/containers/0"));
  }
}
