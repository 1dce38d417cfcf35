package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.ApiKey;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.standalone.Client.Answer;
import com.elephantasm.events.standalone.Operation.Asked;
import com.elephantasm.events.standalone.Operation.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Walks everything that {@code /openapi.json} has, with keys of all kinds. A caller with a key for one spirit asks about another
 * that is there and about one that is not, and can tell them apart by nothing.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EveryOperationTest {
  private static final Set<String> OPEN = Set.of("GET /", "GET /health");
  /** In everything that the other spirit has. */
  private static final String SECRET = "secret-of-the-other";
  /** How long something that has no end is listened to. */
  private static final Duration LISTENING = Duration.ofSeconds(2);
  /** Differ from answer to answer, whatever was asked. */
  private static final Set<String> OF_THE_MOMENT = Set.of("date", "keep-alive");

  private static final ApiKey READER = ApiKey.random();
  private static final ApiKey WRITER = ApiKey.random();
  private static final ApiKey ADMIN = ApiKey.random();
  private static final ApiKey OF_ONE = ApiKey.random();

  private static final String ONE = UUID.randomUUID().toString();
  private static final String OTHER = UUID.randomUUID().toString();
  private static final String NOBODY = UUID.randomUUID().toString();
  private static final String NO_EVENT = EventId
      .of(new SpiritId(UUID.fromString(NOBODY)), new Identity.CloudEvent("/nobody", "1")).toString();
  private static final Asked ABOUT_NOBODY = new Asked(NOBODY, NO_EVENT, "999999999", NOBODY);

  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static Path data;
  private static Standalone standalone;
  private static Client admin;
  private static List<Operation> operations;
  private static Asked aboutOne;
  private static Asked aboutOther;

  @BeforeAll
  static void start() {
    data = StandaloneTest.temporaryFolder();
    standalone = new Standalone(new Standalone.Settings(0, 0, 0, data),
        Stream.of(List.of("--elephantasm.access.mode=api-key"), key(0, "reader", READER, "events:read", ""),
            key(1, "writer", WRITER, "events:write", ""), key(2, "admin", ADMIN, "admin", ""),
            key(3, "of one", OF_ONE, "events:read,events:write,admin", ONE)).flatMap(List::stream).toList());
    standalone.start();
    admin = new Client(standalone.url(), "X-API-Key", ADMIN.value());
    operations = Operation.all(admin.get("/openapi.json").json());
    aboutOne = fill(ONE, "mine");
    aboutOther = fill(OTHER, SECRET);
  }

  @AfterAll
  static void close() {
    standalone.close();
    StandaloneTest.delete(data);
  }

  private static List<String> key(int index, String name, ApiKey key, String scopes, String spirits) {
    String prefix = "--elephantasm.access.keys[%d].".formatted(index);
    List<String> settings = new ArrayList<>(
        List.of(prefix + "name=" + name, prefix + "sha256=" + key.sha256(), prefix + "scopes=" + scopes));
    if (!spirits.isEmpty()) {
      settings.add(prefix + "spirits=" + spirits);
    }
    return settings;
  }

  /**
   * Makes the spirit, an event of it, another that is deleted, a dead letter and a replay, with the text in all that can have text.
   */
  private static Asked fill(String spirit, String text) {
    Answer made = admin.send("PUT", "/api/v1/spirits/" + spirit, """
        {"name": "%1$s", "description": "%1$s", "metadata": {"%1$s": "%1$s"}}
        """.formatted(text), "Prefer", "wait=30");
    assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    String deleted = event(spirit, text);
    assertThat(admin.send("DELETE", "/api/v1/events/" + deleted, null, "Prefer", "wait=30").status()).isEqualTo(204);
    String event = event(spirit, text);
    JsonNode stored = admin.get("/api/v1/events/" + event).json();
    Answer conflict = admin.post("/api/v1/events", """
        {"agent_id": "%s", "event_type": "%s", "content": "other", "dedupe_key": "%s"}
        """.formatted(spirit, text, stored.get("dedupe_key").asString()), "Prefer", "wait=30");
    assertThat(conflict.status()).as(conflict.response().body()).isEqualTo(409);
    Answer replay = admin.post("/api/v1/replays", "{\"mode\": \"dry-run\", \"agent_id\": \"%s\"}".formatted(spirit));
    assertThat(replay.status()).as(replay.response().body()).isEqualTo(201);
    return new Asked(spirit, event, admin.get("/api/v1/dead-letters?agent_id=" + spirit).json().at("/0/id").asString(),
        replay.id());
  }

  private static String event(String spirit, String text) {
    Answer made = admin.post("/api/v1/events", """
        {"agent_id": "%2$s", "event_type": "%1$s", "content": "%1$s", "meta_summary": "%1$s", "role": "%1$s",
         "author": "%1$s", "session_id": "%1$s", "metadata": {"%1$s": "%1$s"}, "source_uri": "urn:%1$s",
         "dedupe_key": "%1$s %3$s"}
        """.formatted(text, spirit, UUID.randomUUID()), "Prefer", "wait=30");
    assertThat(made.status()).as(made.response().body()).isEqualTo(201);
    return made.id();
  }

  /** What a client can see of an answer. */
  private record Seen(int status, Map<String, List<String>> headers, String body) {
    /** The same, with other words for what was asked for. */
    Seen of(String spirit, String event) {
      Map<String, List<String>> renamed = new TreeMap<>();
      headers.forEach(
          (name, values) -> renamed.put(name, values.stream().map(value -> renamed(value, spirit, event)).toList()));
      return new Seen(status, renamed, renamed(body, spirit, event));
    }

    private static String renamed(String text, String spirit, String event) {
      return text.replace(spirit, "SPIRIT").replace(event, "EVENT");
    }

    @Override
    public String toString() {
      return "%d %s %s".formatted(status, headers, body);
    }
  }

  private static Seen send(Request request, @Nullable ApiKey key) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(standalone.url() + request.pathAndQuery()))
        .timeout(Duration.ofSeconds(60)).method(request.method(),
            request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
    if (request.type() != null) {
      builder.header("Content-Type", request.type());
    }
    if (key != null) {
      builder.header("Authorization", "Bearer " + key.value());
    }
    try {
      HttpResponse<InputStream> response = HTTP.send(builder.build(), BodyHandlers.ofInputStream());
      Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
      headers.keySet().removeAll(OF_THE_MOMENT);
      boolean isEndless = response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
      return new Seen(response.statusCode(), headers, isEndless ? heard(response.body()) : all(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String all(InputStream body) throws IOException {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What comes within the time. */
  private static String heard(InputStream body) throws IOException {
    StringBuffer text = new StringBuffer();
    CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
      try {
        for (int b = body.read(); b >= 0; b = body.read()) {
          text.append((char) b);
        }
      } catch (IOException _) {
        // Closed below.
      }
    }, Thread::startVirtualThread);
    reading.completeOnTimeout(null, LISTENING.toMillis(), TimeUnit.MILLISECONDS).join();
    body.close();
    return text.toString();
  }

  private static Stream<DynamicTest> each(Consumer<Operation> check) {
    return operations.stream()
        .map(operation -> DynamicTest.dynamicTest(operation.toString(), () -> check.accept(operation)));
  }

  private static void assertProblem(Operation operation, Seen answer, int status, String type) {
    assertThat(operation.documents(status)).as("documented: %s %d", operation, status).isTrue();
    assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(status);
    assertThat(answer.headers().get("content-type")).as(operation.toString())
        .containsExactly("application/problem+json");
    assertThat(answer.body()).as(operation.toString()).contains("urn:elephantasm:problem:" + type);
  }

  @Test
  void the_document_is_not_empty() {
    assertThat(operations).hasSizeGreaterThan(10);
  }

  @TestFactory
  Stream<DynamicTest> without_a_key_nothing_is_answered_but_what_is_open() {
    return each(operation -> {
      for (Request request : operation.requests(aboutOne)) {
        Seen answer = send(request, null);
        if (OPEN.contains(operation.toString())) {
          assertThat(answer.status()).as(operation.toString()).isEqualTo(200);
          assertThat(operation.scope()).as(operation.toString()).isNull();
        } else {
          assertProblem(operation, answer, 401, "unauthorized");
          assertThat(operation.scope()).as(operation.toString()).isNotNull();
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> with_a_key_of_another_scope_nothing_is_answered() {
    return each(operation -> {
      String scope = operation.scope();
      if (scope == null) {
        return;
      }
      List<ApiKey> others = switch (scope) {
        case "events:read" -> List.of(WRITER);
        case "events:write" -> List.of(READER);
        case "admin" -> List.of(READER, WRITER);
        default -> throw new AssertionError(scope);
      };
      for (Request request : operation.requests(aboutOne)) {
        for (ApiKey other : others) {
          Seen answer = send(request, other);
          assertProblem(operation, answer, 403, "forbidden");
          assertThat(answer.body()).as(operation.toString()).contains(scope);
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> what_a_key_is_for_can_be_read_with_it() {
    return each(operation -> {
      if (operation.reads()) {
        for (Request request : operation.requests(aboutOne)) {
          Seen answer = send(request, OF_ONE);
          assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(200);
          assertTellsNothing(operation, answer);
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> what_a_key_is_not_for_is_answered_like_what_is_not_there() {
    return each(operation -> {
      List<Request> ofOther = operation.requests(aboutOther);
      List<Request> ofNobody = operation.requests(ABOUT_NOBODY);
      long published = published();
      for (int i = 0; i < ofOther.size(); i++) {
        Seen other = send(ofOther.get(i), OF_ONE);
        Seen nobody = send(ofNobody.get(i), OF_ONE);
        assertThat(other.of(OTHER, aboutOther.event())).as(operation.toString()).isEqualTo(nobody.of(NOBODY, NO_EVENT));
        assertTellsNothing(operation, nobody);
        assertThat(other.toString()).as(operation.toString()).doesNotContain(SECRET);
        assertThat(operation.documents(other.status())).as("documented: %s %d", operation, other.status()).isTrue();
        if (operation.reads() && operation.namesSpirit() && operation.documents(404)) {
          assertProblem(operation, other, 404, "unknown-");
        }
      }
      assertThat(published()).as("records in the log after " + operation).isEqualTo(published);
    });
  }

  private static void assertTellsNothing(Operation operation, Seen answer) {
    assertThat(answer.toString()).as(operation.toString()).doesNotContain(SECRET, OTHER, aboutOther.event());
  }

  @Test
  void the_list_of_spirits_has_only_those_that_the_key_is_for() {
    Client ofOne = new Client(standalone.url(), "X-API-Key", OF_ONE.value());
    JsonNode spirits = ofOne.get("/api/v1/spirits?include_deleted=true").json();
    assertThat(spirits).hasSize(1);
    assertThat(spirits.at("/0/id").asString()).isEqualTo(ONE);
    assertThat(admin.get("/api/v1/spirits").json().findValuesAsString("id")).contains(ONE, OTHER);
  }

  @Test
  void a_key_for_some_spirits_makes_no_others_and_changes_none() {
    Client ofOne = new Client(standalone.url(), "X-API-Key", OF_ONE.value());
    Answer made = ofOne.post("/api/v1/spirits", "{\"name\": \"new\"}");
    assertThat(made.status()).isEqualTo(403);
    String before = admin.get("/api/v1/spirits/" + OTHER).response().body();
    String eventBefore = admin.get("/api/v1/events/" + aboutOther.event()).response().body();
    assertThat(ofOne.send("PUT", "/api/v1/spirits/" + OTHER, "{\"name\": \"new\"}").status()).isEqualTo(404);
    assertThat(ofOne.send("PATCH", "/api/v1/spirits/" + OTHER, "{\"name\": \"new\"}").status()).isEqualTo(404);
    assertThat(ofOne.send("DELETE", "/api/v1/spirits/" + OTHER, null).status()).isEqualTo(404);
    assertThat(ofOne.send("PATCH", "/api/v1/events/" + aboutOther.event(), "{\"role\": \"new\"}").status())
        .isEqualTo(404);
    assertThat(ofOne.send("DELETE", "/api/v1/events/" + aboutOther.event(), null).status()).isEqualTo(404);
    event(OTHER, SECRET); // Behind all that could have been published.
    assertThat(admin.get("/api/v1/spirits/" + OTHER).response().body()).isEqualTo(before);
    assertThat(admin.get("/api/v1/events/" + aboutOther.event()).response().body()).isEqualTo(eventBefore);
    assertThat(admin.get("/api/v1/spirits/" + NOBODY).status()).isEqualTo(404);
  }

  @Test
  void a_key_for_some_spirits_works_for_them() {
    Client ofOne = new Client(standalone.url(), "X-API-Key", OF_ONE.value());
    Answer stored = ofOne.post("/api/v1/events",
        "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"mine\"}".formatted(ONE), "Prefer",
        "wait=30");
    assertThat(stored.status()).as(stored.response().body()).isEqualTo(201);
    assertThat(
        ofOne.send("PATCH", "/api/v1/events/" + stored.id(), "{\"role\": \"new\"}", "Prefer", "wait=30").status())
        .isEqualTo(200);
    assertThat(
        ofOne.send("PATCH", "/api/v1/spirits/" + ONE, "{\"description\": \"new\"}", "Prefer", "wait=30").status())
        .isEqualTo(200);
    assertThat(ofOne.get("/api/v1/events/count?agent_id=" + ONE).json().at("/count").asInt()).isPositive();
  }

  /** How many records the log has. */
  private static long published() {
    try (Admin log = Admin
        .create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, standalone.kafka().bootstrapServers()))) {
      int partitions = StandaloneTest.get(log.describeTopics(List.of("elephantasm.events")).allTopicNames()).values()
          .iterator().next().partitions().size();
      return StandaloneTest
          .get(log.listOffsets(IntStream.range(0, partitions).boxed()
              .collect(Collectors.toMap(partition -> new TopicPartition("elephantasm.events", partition),
                  _ -> OffsetSpec.latest())))
              .all())
          .values().stream().mapToLong(end -> end.offset()).sum();
    }
  }
}
