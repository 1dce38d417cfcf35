package com.elephantasm.events.writer.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.query.QueryIntegrationTest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Requests with tokens, on a database in which the test plays the writer. */
class ReadYourWritesTest extends QueryIntegrationTest {
  private static final String HEADER = ConsistencyToken.HEADER;

  @Autowired
  private LogSettings log;

  /** Every test has partitions of its own. */
  private final int partition = ThreadLocalRandom.current().nextInt(1_000_000_000);
  private final UUID topicId = UUID.randomUUID();

  private void apply(int ofPartition, long nextOffset) {
    jdbc.sql("""
        INSERT INTO log_partitions (topic_id, topic, partition, next_offset) VALUES (:id, :topic, :partition, :offset)
        ON CONFLICT (topic_id, partition) DO UPDATE SET next_offset = :offset
        """).param("id", topicId).param("topic", log.topic()).param("partition", ofPartition)
        .param("offset", nextOffset).update();
  }

  private String token(long offset) {
    return ConsistencyToken.of(new RecordPosition(log.topic(), partition, offset)).encoded();
  }

  private void requireBehind(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
    assertThat(problemType(response)).isEqualTo("store-behind");
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(json(response).get("detail").asString()).contains("nothing is lost");
  }

  @Test
  void a_read_with_a_token_waits_until_the_store_has_applied_it() {
    apply(partition, 41);
    CompletableFuture<HttpResponse<String>> read = CompletableFuture
        .supplyAsync(() -> get(events(), HEADER, token(41), "Prefer", "wait=30"));
    requireBehind(get(events(), HEADER, token(41), "Prefer", "wait=0"));
    assertThat(read.isDone()).isFalse();
    UUID id = event().insert();
    apply(partition, 42);
    HttpResponse<String> response = read.join();
    assertThat(ids(response)).containsExactly(id);
    assertThat(response.headers().firstValue("Preference-Applied")).hasValue("wait=30");
  }

  @Test
  void a_token_of_many_partitions_is_waited_for_in_each() {
    apply(partition, 8);
    apply(partition + 1, 3);
    String token = new ConsistencyToken(log.topic(), new TreeMap<>(Map.of(partition, 7L, partition + 1, 3L))).encoded();
    requireBehind(get(events(), HEADER, token, "Prefer", "wait=0"));
    apply(partition + 1, 4);
    assertThat(get(events(), HEADER, token).statusCode()).isEqualTo(200);
  }

  @Test
  void a_position_that_nothing_stands_at_is_waited_for_no_longer_than_the_client_says() {
    for (String prefer : List.of("wait=1", "wait=0", "respond-async")) {
      requireBehind(get(events(), HEADER, token(Long.MAX_VALUE), "Prefer", prefer));
      requireBehind(get("/api/v1/events/" + spirit + "/status", HEADER, token(0), "Prefer", prefer));
    }
  }

  @Test
  void the_positions_of_a_topic_that_was_deleted_do_not_count() {
    jdbc.sql("""
        INSERT INTO log_partitions (topic_id, topic, partition, next_offset)
        VALUES (gen_random_uuid(), :topic, :partition, 1000)
        """).param("topic", log.topic()).param("partition", partition).update();
    apply(partition, 5);
    assertThat(get(events(), HEADER, token(4)).statusCode()).isEqualTo(200);
    requireBehind(get(events(), HEADER, token(5), "Prefer", "wait=0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "none", "AQ", "=", "ä", "AQAAAAAA"})
  void what_is_no_token_is_refused(String token) {
    requireInvalid(get(events(), HEADER, token));
  }

  @Test
  void a_token_of_another_log_and_two_at_once_are_refused() {
    requireInvalid(
        get(events(), HEADER, ConsistencyToken.of(new RecordPosition("another", partition, 0)).encoded()));
    apply(partition, 10);
    requireInvalid(get(events(), HEADER, token(1), HEADER, token(2)));
    requireInvalid(get(events(), HEADER, token(1) + ", " + token(2)));
    requireInvalid(get(events(), HEADER, token(1) + "A"));
  }

  private void requireInvalid(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(problemType(response)).isEqualTo("invalid-token");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void a_change_waits_too_before_it_looks_its_event_up() {
    UUID id = event().insert();
    HttpRequest.Builder patch = HttpRequest.newBuilder(uri("/api/v1/events/" + id))
        .method("PATCH", BodyPublishers.ofString("{\"role\": \"user\"}")).header("Content-Type", "application/json");
    HttpRequest.Builder delete = HttpRequest.newBuilder(uri("/api/v1/events/" + id)).DELETE();
    for (HttpRequest.Builder request : List.of(patch, delete)) {
      requireInvalid(send(request.copy().header(HEADER, "none")));
      requireBehind(send(request.copy().header(HEADER, token(3)).header("Prefer", "wait=0")));
    }
    apply(partition, 4);
    HttpResponse<String> patched = send(patch.copy().header(HEADER, token(3)).header("Prefer", "respond-async"));
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(202);
    assertThat(patched.headers().allValues("Preference-Applied")).containsExactly("respond-async");
    assertThat(patched.headers().allValues(HEADER)).hasSize(1).doesNotContain(token(3));
  }

  @Test
  void what_is_not_there_when_the_token_is_applied_is_not_waited_for() {
    apply(partition, 1);
    Instant start = Instant.now();
    HttpResponse<String> response = get("/api/v1/events/" + spirit, HEADER, token(0), "Prefer", "wait=30");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void a_HEAD_waits_as_a_GET_does() {
    HttpRequest.Builder head = HttpRequest.newBuilder(uri(events())).HEAD();
    assertThat(send(head.copy().header(HEADER, "none")).statusCode()).isEqualTo(400);
    apply(partition, 1);
    assertThat(send(head.copy().header(HEADER, token(0))).statusCode()).isEqualTo(200);
  }
}
