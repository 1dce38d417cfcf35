package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.standalone.Client.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** SIGTERM to the services, each as a process of its own, while they are at work. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CleanStopTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int CLIENTS = 8;
  private static final int ENOUGH = 200;
  private static final int PARTITIONS = 12;
  private static final int EVENTS = 20_000;
  /** As long as a group allows: what was only killed would keep its partitions for so long. */
  private static final String LONG_SESSION = "--spring.kafka.consumer.properties[session.timeout.ms]=1800000";

  private final TestKafka kafka = TestKafka.start();
  private final TestPostgres postgres = TestPostgres.start();
  private final JdbcClient store = StandaloneTest.store(postgres);

  @AfterEach
  void stop() {
    postgres.close();
    kafka.close();
  }

  @Test
  void an_ingest_api_that_is_terminated_answers_what_it_was_sent_and_all_of_it_is_stored_once() throws Exception {
    try (Service writer = Service.writer(kafka, postgres);
        // It ends by itself once the clients have taken notice.
        Service ingest = Service.ingest(kafka, "--elephantasm.http.drain-time=60s")) {
      List.of(writer, ingest).forEach(Service::awaitHealthy);
      assertNothingWasWritten();
      String spirit = ingest.client().newSpirit();
      Queue<Answer> answers = new ConcurrentLinkedQueue<>();
      AtomicBoolean unreadyWasSeen = new AtomicBoolean();
      try (HalfAnUpload upload = new HalfAnUpload(ingest.port(), event(spirit));
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          String prefer = i % 2 == 0 ? "respond-async" : "wait=60";
          clients
              .add(threads.submit(() -> postUntilToldToGo(ingest.client(), spirit, prefer, answers, unreadyWasSeen)));
        }
        await().atMost(PATIENCE).until(() -> answers.size() > ENOUGH);
        try (Connection other = DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(),
            postgres.password())) {
          holdUpTheStore(other);
          ingest.process().terminate();
          await().atMost(PATIENCE).until(() -> ingest.client().get("/health").status() == 503);
          unreadyWasSeen.set(true);

          JsonNode summary = upload.summary();
          assertThat(summary.get("complete").asBoolean()).isFalse();
          assertThat(summary.get("lines").asInt()).isEqualTo(1);
          assertThat(summary.get("detail").asString()).isEqualTo("the service is stopping");
          for (Future<?> client : clients) {
            client.get();
          }
          assertThat(ingest.process().exitCode()).isEqualTo(143);
          other.rollback();
        }
      }

      assertThat(answers).extracting(Answer::status).containsOnly(201, 202);
      await().atMost(PATIENCE).until(() -> StandaloneTest.rows(store, spirit) > answers.size());
      // The one more is that of the upload.
      assertThat(StandaloneTest.rows(store, spirit)).isEqualTo(answers.size() + 1);
      assertThat(store.sql("SELECT id::text FROM events").query(String.class).set())
          .containsAll(answers.stream().map(Answer::id).toList());
      assertThat(store.sql("SELECT count(*) FROM dead_letters").query(Long.class).single()).isZero();
    }
  }

  /** By services that have warmed up. */
  private void assertNothingWasWritten() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      for (String topic : List.of("elephantasm.events", "elephantasm.outcomes")) {
        Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, PARTITIONS).boxed()
            .collect(Collectors.toMap(partition -> new TopicPartition(topic, partition), _ -> OffsetSpec.latest()));
        assertThat(admin.listOffsets(ends).all().get().values()).extracting(end -> end.offset()).containsOnly(0L);
      }
    }
    for (String table : List.of("spirits", "events", "dead_letters", "late_events", "log_partitions")) {
      assertThat(store.sql("SELECT count(*) FROM " + table).query(Long.class).single()).as(table).isZero();
    }
  }

  /** Until the transaction ends, nothing is stored, and whoever wants to wait for it does. */
  private void holdUpTheStore(Connection other) throws Exception {
    other.setAutoCommit(false);
    other.createStatement().execute("LOCK TABLE log_partitions IN SHARE MODE");
    await().atMost(PATIENCE)
        .until(() -> store.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            .query(Long.class).single() > 0);
  }

  /** As a client behind a load balancer: once its connection is closed in an orderly way, its next request goes elsewhere. */
  private static void postUntilToldToGo(Client client, String spirit, String prefer, Queue<Answer> answers,
      AtomicBoolean mayGo) {
    boolean toldToGo = false;
    while (!toldToGo || !mayGo.get()) {
      Answer answer = client.post("/api/v1/events", event(spirit), "Prefer", prefer);
      answers.add(answer);
      toldToGo = "close".equalsIgnoreCase(answer.header("Connection"));
    }
  }

  private static String event(String spirit) {
    return "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"load\"}".formatted(spirit);
  }

  /** One line of an upload that has not ended, with its receipt. */
  private static final class HalfAnUpload implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader answer;

    HalfAnUpload(int port, String event) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      OutputStream out = socket.getOutputStream();
      out.write("""
          POST /api/v1/events/batch HTTP/1.1\r
          Host: x\r
          Content-Type: application/x-ndjson\r
          Transfer-Encoding: chunked\r
          \r
          %x\r
          %s
          \r
          """.formatted(event.length() + 1, event).getBytes(StandardCharsets.UTF_8));
      out.flush();
      answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      lineWith("\"line\":1");
    }

    private String lineWith(String text) throws IOException {
      String line = answer.readLine();
      while (line != null && !line.contains(text)) {
        line = answer.readLine();
      }
      return String.valueOf(line);
    }

    JsonNode summary() throws IOException {
      return Client.JSON.readTree(lineWith("summary")).get("summary");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void a_writer_that_is_terminated_leaves_its_group_and_the_other_stores_what_it_did_not() throws Exception {
    try (Service one = Service.writer(kafka, postgres, LONG_SESSION);
        Service other = Service.writer(kafka, postgres, LONG_SESSION);
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 20), new StringSerializer(),
            new StringSerializer())) {
      List.of(one, other).forEach(Service::awaitHealthy);
      await().atMost(PATIENCE).until(() -> partitions(admin).size() == 2 && !partitions(admin).contains(0));
      List<String> spirits = Stream.generate(() -> UUID.randomUUID().toString()).limit(24).toList();
      spirits.forEach(spirit -> producer.send(spirit(spirit)));
      CompletableFuture<String> tail = tail(one.port(), spirits.getFirst());
      for (int i = 0; i < EVENTS; i++) {
        String spirit = spirits.get(i % spirits.size());
        producer.send(new ProducerRecord<>("elephantasm.events", spirit,
            event(spirit).replace("load", Integer.toString(i))));
      }
      await().atMost(PATIENCE).until(() -> stored() > 0);

      one.process().terminate();
      one.process().terminate();
      assertThat(one.process().exitCode()).isEqualTo(143);
      assertThat(tail).succeedsWithin(PATIENCE).asString().startsWith("retry:");
      await().atMost(PATIENCE).until(() -> partitions(admin).equals(List.of(PARTITIONS)));
      producer.flush();
      await().atMost(PATIENCE).until(() -> stored() >= EVENTS);
      assertThat(store.sql("SELECT count(DISTINCT content) FROM events").query(Long.class).single())
          .isEqualTo(EVENTS).isEqualTo(stored());
      assertThat(store.sql("SELECT count(*) FROM dead_letters").query(Long.class).single()).isZero();
    }
  }

  private static ProducerRecord<String, String> spirit(String id) {
    ProducerRecord<String, String> created = new ProducerRecord<>("elephantasm.events", id,
        "{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(id));
    created.headers().add("ce_type", "com.elephantasm.spirit.created.v1".getBytes(StandardCharsets.UTF_8));
    return created;
  }

  private long stored() {
    return store.sql("SELECT count(*) FROM events").query(Long.class).single();
  }

  /** How many each member of the group has. */
  private static List<Integer> partitions(Admin admin) throws Exception {
    return admin.describeConsumerGroups(List.of("elephantasm-event-writer")).all().get().values().stream()
        .flatMap(group -> group.members().stream()).map(MemberDescription::assignment)
        .map(assignment -> assignment.topicPartitions().size()).toList();
  }

  /** All that is shown until the service ends it. */
  private static CompletableFuture<String> tail(int port, String spirit) {
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest
            .newBuilder(URI.create("http://127.0.0.1:%d/api/v1/events/stream?agent_id=%s".formatted(port, spirit)))
            .build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(HttpResponse::body);
  }

  @Test
  @Tag("long")
  void with_both_servers_gone_or_silent_the_services_end_all_the_same() throws Exception {
    try (Service writer = Service.writer(kafka, postgres); Service ingest = Service.ingest(kafka)) {
      List.of(writer, ingest).forEach(Service::awaitHealthy);
      String spirit = ingest.client().newSpirit();
      postgres.pause();
      try {
        Set<Integer> statuses = new HashSet<>();
        for (int i = 0; i < ENOUGH; i++) {
          statuses.add(ingest.client().post("/api/v1/events", event(spirit), "Prefer", "respond-async").status());
        }
        assertThat(statuses).containsExactly(202);
        kafka.close();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
          Collection<Future<Integer>> posts = new ArrayList<>();
          for (int i = 0; i < CLIENTS; i++) {
            posts.add(threads.submit(() -> ingest.client().post("/api/v1/events", event(spirit)).status()));
          }
          ingest.process().terminate();
          writer.process().terminate();
          for (Future<Integer> post : posts) {
            assertThat(post.get()).isEqualTo(503);
          }
        } catch (UncheckedIOException e) {
          throw new AssertionError(e);
        }
        assertThat(ingest.process().exitCode()).isEqualTo(143);
        assertThat(writer.process().exitCode()).isEqualTo(143);
      } finally {
        postgres.unpause();
      }
    }
  }
}
