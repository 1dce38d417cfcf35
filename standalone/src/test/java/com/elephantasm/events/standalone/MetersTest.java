package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** The meters say what has happened; the documentation, the dashboard and the alerts speak of meters that there are. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MetersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DATA = StandaloneTest.temporaryFolder();
  // How far the log and the store are is asked in a tenth of that time.
  private static final Standalone STANDALONE = new Standalone(new Standalone.Settings(0, 0, 0, DATA),
      List.of("--elephantasm.writer.stalled-after=10s"));
  private static Client client;
  private static JdbcClient store;
  private static KafkaProducer<String, String> producer;

  @BeforeAll
  static void start() {
    STANDALONE.start();
    client = new Client(STANDALONE.url());
    store = StandaloneTest.store(STANDALONE.postgres());
    producer = StandaloneTest.producer(STANDALONE.kafka().bootstrapServers());
  }

  @AfterAll
  static void stop() {
    producer.close();
    STANDALONE.close();
    StandaloneTest.delete(DATA);
  }

  private static String event(String spirit, String key, String content) {
    return """
        {"agent_id": "%s", "event_type": "message.in", "content": "%s", "dedupe_key": "%s"}"""
        .formatted(spirit, content, key);
  }

  private static void publish(String spirit, String value) {
    producer.send(StandaloneTest.record(spirit, value));
  }

  /** What has been counted since. */
  private static Map<String, Double> since(Map<String, Double> before) {
    Map<String, Double> counts = new TreeMap<>(Scrape.of(client).counts());
    before.forEach((name, count) -> counts.merge(name, -count, Double::sum));
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  @Test
  void everything_that_happens_is_counted_once() {
    Map<String, Double> before = Scrape.of(client).counts();
    String ada = client.newSpirit();
    String first = client.post("/api/v1/events", event(ada, "1", "hello")).id();
    assertThat(client.post("/api/v1/events", event(ada, "1", "hello")).status()).isEqualTo(409);
    assertThat(client.post("/api/v1/events", event(ada, "1", "another")).status()).isEqualTo(409);
    assertThat(client.post("/api/v1/events", "{}").status()).isEqualTo(422);
    assertThat(client.post("/api/v1/events/batch",
        "[%s, %s, {}]".formatted(event(ada, "2", "hello"), event(ada, "3", "hello")), "Prefer", "wait=30").status())
        .isEqualTo(207);
    assertThat(client.post("/api/v1/events/batch",
        "%s\n{\n%s\n".formatted(event(ada, "4", "hello"), event(ada, "5", "hello")), "Content-Type",
        "application/x-ndjson", "Prefer", "wait=30").status()).isEqualTo(200);
    assertThat(
        client.send("PATCH", "/api/v1/events/" + first, "{\"importance_score\": 0.5}", "Prefer", "wait=30").status())
        .isEqualTo(200);

    Map<String, Double> ofRequests = new HashMap<>(Map.of("changes_accepted spirit", 1.0, "changes_accepted event", 3.0,
        "changes_accepted batch", 2.0, "changes_accepted ndjson", 2.0, "changes_accepted amendment", 1.0,
        "requests_rejected duplicate-event", 1.0, "requests_rejected dedupe-key-reused", 1.0,
        "requests_rejected invalid", 1.0));
    ofRequests.putAll(Map.of("batch_events_rejected invalid", 1.0, "batch_events_rejected malformed-json", 1.0,
        "outcomes published", 9.0, "spirits_changed", 1.0, "events_stored", 5.0, "events_duplicate", 1.0,
        "dead_letters conflict", 1.0, "events_amended", 1.0, "accept_to_store_seconds_count", 5.0,
        "batch_size_records_sum", 9.0));
    await().atMost(PATIENCE).untilAsserted(() -> {
      Map<String, Double> counted = since(before);
      // How many transactions they came in is up to the polls.
      counted.keySet().removeAll(Set.of("batch_size_records_count", "batch_transaction_seconds_count committed"));
      assertThat(counted).isEqualTo(ofRequests);
    });
  }

  @Test
  void a_batch_that_is_halved_counts_each_record_once() {
    String ada = client.newSpirit();
    await().atMost(PATIENCE).until(() -> Scrape.of(client).sum("elephantasm_log_lag_records") == 0);
    Map<String, Double> before = Scrape.of(client).counts();
    store.sql("ALTER TABLE events ADD CONSTRAINT odd CHECK (content <> 'poison')").update();
    try {
      for (int i = 0; i < 20; i++) {
        publish(ada, event(ada, "halved-" + i, i == 13 ? "poison" : "hello"));
      }
      publish(ada, "no JSON");
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(since(before)).containsEntry("events_stored", 19.0)
          .containsEntry("dead_letters refused", 1.0).containsEntry("dead_letters malformed", 1.0)
          .containsEntry("accept_to_store_seconds_count", 19.0).containsEntry("batch_size_records_sum", 21.0)
          .containsKey("batch_transaction_seconds_count rolled-back"));
    } finally {
      store.sql("ALTER TABLE events DROP CONSTRAINT odd").update();
    }
  }

  @Test
  void the_lag_is_what_the_store_has_not_also_while_it_cannot_take_it() {
    String ada = client.newSpirit();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(Scrape.of(client).of("elephantasm_log_lag_records"))
        .hasSize(12).allMatch(sample -> sample.value() == 0));
    // Opened before: a setting of the database is that of new connections.
    SingleConnectionDataSource opened = new SingleConnectionDataSource(STANDALONE.postgres().jdbcUrl(),
        STANDALONE.postgres().username(), STANDALONE.postgres().password(), true);
    JdbcClient operator = JdbcClient.create(opened);
    readOnly("on", operator);
    try {
      for (int i = 0; i < 7; i++) {
        publish(ada, event(ada, "late-" + i, "hello"));
      }
      await().atMost(PATIENCE).untilAsserted(() -> {
        Scrape scrape = Scrape.of(client);
        assertThat(scrape.of("elephantasm_log_lag_records")).hasSize(12)
            .filteredOn(sample -> sample.value() > 0).singleElement().extracting(Scrape.Sample::value).isEqualTo(7.0);
        assertThat(scrape.of("elephantasm_server_up")).filteredOn(sample -> sample.value() == 0).singleElement()
            .extracting(Scrape.Sample::labels).isEqualTo(Map.of("server", "postgresql"));
      });
    } finally {
      readOnly("off", operator);
      opened.destroy();
    }
    await().atMost(PATIENCE).untilAsserted(() -> {
      Scrape scrape = Scrape.of(client);
      assertThat(scrape.of("elephantasm_log_lag_records")).hasSize(12).allMatch(sample -> sample.value() == 0);
      assertThat(scrape.sum("elephantasm_server_up")).isEqualTo(2);
      assertThat(scrape.sum("elephantasm_partitions_assigned")).isEqualTo(12);
    });
  }

  private static void readOnly(String setting, JdbcClient operator) {
    operator.sql("ALTER DATABASE elephantasm SET default_transaction_read_only = " + setting).update();
    operator.sql("""
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()
        """).query(Long.class).single();
  }

  @Test
  void the_documentation_lists_each_meter_with_its_tags_and_none_else() throws IOException {
    Scrape scrape = Scrape.of(client);
    Set<String> exposed = new TreeSet<>();
    scrape.families().stream().filter(family -> family.startsWith("elephantasm_") && !family.endsWith("_max"))
        .forEach(family -> exposed.add(family + tags(scrape, family)));
    Set<String> documented = new TreeSet<>();
    Files.readAllLines(ROOT.resolve("docs/observability.md")).stream()
        .filter(line -> line.startsWith("| `elephantasm_"))
        .forEach(row -> Pattern.compile("`(elephantasm_[^`]+)`").matcher(row.split("\\|")[1]).results()
            .forEach(name -> documented.add(name.group(1))));
    assertThat(documented).isEqualTo(exposed);
  }

  private static String tags(Scrape scrape, String family) {
    Set<String> tags = Stream.of(family, family + "_count").flatMap(name -> scrape.labelsOf(name).stream())
        .collect(Collectors.toCollection(TreeSet::new));
    return tags.isEmpty() ? "" : "{" + String.join(",", tags) + "}";
  }

  @Test
  void the_dashboard_and_the_alerts_speak_of_meters_and_tags_that_there_are() throws IOException {
    client.newSpirit();
    System.gc();
    await().atMost(PATIENCE).until(() -> !Scrape.of(client).of("jvm_gc_pause_seconds_sum").isEmpty());
    Scrape scrape = Scrape.of(client);
    List<String> queries = new ArrayList<>(dashboardQueries());
    queries.addAll(alertQueries());
    assertThat(queries).hasSizeGreaterThan(50);
    assertThat(queries).allSatisfy(query -> assertThat(PromQl.selectors(query)).isNotEmpty().allSatisfy(selector -> {
      if (!selector.metric().equals("up")) {
        Set<String> known = new TreeSet<>(scrape.labelsOf(selector.metric()));
        known.addAll(Set.of("job", "instance"));
        assertThat(scrape.of(selector.metric())).as("samples of " + selector.metric()).isNotEmpty();
        assertThat(known).as("labels of " + selector.metric()).containsAll(selector.labels());
      }
    }));
  }

  private static List<String> dashboardQueries() throws IOException {
    JsonNode dashboard = Client.JSON.readTree(Files.readString(ROOT.resolve("deploy/grafana/elephantasm-events.json")));
    List<String> queries = new ArrayList<>();
    dashboard.at("/panels").forEach(
        panel -> panel.path("targets").forEach(target -> queries.add(target.at("/expr").asString())));
    return queries;
  }

  private static List<String> alertQueries() throws IOException {
    JsonNode rules = Client.JSON
        .valueToTree(new Yaml().load(Files.readString(ROOT.resolve("deploy/prometheus/rules.yml"))));
    List<String> queries = new ArrayList<>();
    rules.at("/groups")
        .forEach(group -> group.path("rules").forEach(rule -> queries.add(rule.at("/expr").asString())));
    return queries;
  }

  @Test
  void each_alert_leads_to_a_section_of_the_documentation_and_is_in_its_table() throws IOException {
    String rules = Files.readString(ROOT.resolve("deploy/prometheus/rules.yml"));
    String operating = Files.readString(ROOT.resolve("docs/operating.md"));
    Pattern.compile("alert: (\\w+)").matcher(rules).results()
        .forEach(alert -> assertThat(operating).contains("| `" + alert.group(1) + "` |"));
    Pattern.compile("docs/(\\w+\\.md),\\s+\"([^\"]+)\"").matcher(rules).results().forEach(link -> {
      try {
        assertThat(Files.readString(ROOT.resolve("docs").resolve(link.group(1))))
            .contains("\n## " + link.group(2) + "\n");
      } catch (IOException e) {
        throw new AssertionError(link.group(), e);
      }
    });
  }

  /** Where Prometheus's own tool is: {@code apt-get install prometheus}. */
  @Test
  void the_alerts_fire_when_they_are_to_and_not_otherwise() throws Exception {
    assumeTrue(isOnPath("promtool"), "promtool is not installed");
    for (List<String> arguments : List.of(List.of("check", "rules", "rules.yml"),
        List.of("test", "rules", "rules-test.yml"),
        List.of("check", "config", "--syntax-only", "prometheus.yml"))) {
      Process promtool = new ProcessBuilder(Stream.concat(Stream.of("promtool"), arguments.stream()).toList())
          .directory(ROOT.resolve("deploy/prometheus").toFile()).redirectErrorStream(true).start();
      String output = new String(promtool.getInputStream().readAllBytes());
      assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(promtool.exitValue()).as(output).isZero();
    }
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
