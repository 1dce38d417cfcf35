package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.http.access.Scope;
import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.log.ChangeLog;
import com.elephantasm.events.log.Way;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EventArrayTest extends IntegrationTest {
  private static final String PATH = "/api/v1/events/batch";
  private final SpiritId spirit = StandInWriter.newSpirit();

  /** A whole event; more members begin with a comma. */
  private String event(String content, String more) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"%s\"%s}".formatted(spirit, content, more);
  }

  private List<String> published() {
    return WRITER.reads(change -> change.spiritId().equals(spirit)).stream()
        .map(read -> ((Change.EventCreated) read.change()).event().content()).toList();
  }

  private static List<Integer> statuses(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(207);
    return answer.json().at("/results").valueStream().map(result -> result.at("/status").asInt()).toList();
  }

  @Test
  void each_event_of_an_array_gets_its_own_result() {
    Answer answer = CLIENT.send("POST", PATH, "[" + String.join(",", event("one", ""), "{\"agent_id\":1}", event("two",
        ""), "7", event("x", ",\"role\":null,\"role\":null")) + "]");
    assertThat(statuses(answer)).containsExactly(202, 422, 202, 422, 400);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Preference-Applied")).isNull();
    JsonNode results = answer.json().at("/results");
    assertThat(results.at("/0").propertyNames()).containsExactly("index", "status", "id");
    assertThat(results.at("/1").propertyNames()).containsExactly("index", "status", "type", "detail", "errors");
    assertThat(results.at("/1/index").asInt()).isEqualTo(1);
    assertThat(results.at("/1/errors").valueStream().map(error -> error.at("/pointer").asString()))
        .containsExactly("/agent_id", "/event_type", "/content");
    assertThat(results.at("/4/type").asString()).isEqualTo("urn:elephantasm:problem:malformed-json");
    JsonNode summary = answer.json().at("/summary");
    assertThat(summary.at("/total").asInt()).isEqualTo(5);
    assertThat(summary.at("/by_status").toString()).isEqualTo("{\"202\":2,\"400\":1,\"422\":2}");
    await().atMost(Duration.ofMinutes(1)).until(() -> published().size() == 2);
    assertThat(published()).containsExactly("one", "two");
    var last = WRITER.reads(change -> change.spiritId().equals(spirit)).getLast();
    assertThat(((Change.EventCreated) last.change()).id()).hasToString(results.at("/2/id").asString());
    String token = answer.header("Consistency-Token");
    assertThat(summary.at("/consistency_token").asString()).isEqualTo(token);
    assertThat(Objects.requireNonNull(ConsistencyToken.decode(String.valueOf(token), "elephantasm.events")).offsets())
        .containsEntry(last.record().position().partition(), last.record().position().offset());
  }

  @Test
  void an_array_of_nothing_has_no_results_and_no_token() {
    Answer answer = CLIENT.send("POST", PATH, "[]");
    assertThat(statuses(answer)).isEmpty();
    assertThat(answer.header("Consistency-Token")).isNull();
    assertThat(answer.response().body()).isEqualTo("{\"results\":[],\"summary\":{\"total\":0,\"by_status\":{}}}");
  }

  @Test
  void an_array_waits_for_all_outcomes_where_the_client_wants_to() {
    WRITER.answer(spirit, EventArrayTest::byContent);
    Answer answer = CLIENT.send("POST", PATH, "[" + String.join(",", event("stored", ""), event("duplicate", ""),
        event("conflict", ""), event("nobody's", ""), event("silent", ""), event("silent", "")) + "]", "Prefer",
        "wait=3");
    assertThat(statuses(answer)).containsExactly(201, 409, 409, 404, 202, 202);
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=3");
    JsonNode results = answer.json().at("/results");
    assertThat(results.at("/0/id").asString()).hasSize(36);
    assertThat(results.at("/1/event_id").asString()).hasSize(36);
    assertThat(results.at("/2/event_id").asString()).hasSize(36);
    assertThat(results.at("/3/type").asString()).isEqualTo("urn:elephantasm:problem:unknown-spirit");
  }

  private static @org.jspecify.annotations.Nullable Outcome byContent(Change change, Instant at) {
    Change.EventCreated created = (Change.EventCreated) change;
    return switch (created.event().content()) {
      case "duplicate" -> new Outcome.EventDuplicate(created.stored(at));
      case "conflict" -> new Outcome.Rejected(created.id().value(), RejectionReason.CONFLICT, "another payload");
      case "nobody's" -> new Outcome.Rejected(created.id().value(), RejectionReason.UNKNOWN_SPIRIT, "no spirit");
      case "silent" -> null;
      default -> new Outcome.EventStored(created.stored(at));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[", "[%s", "[%s,]", "[%s %s]", "[%s] x", "[%s,{]", "[%s,oops]", "[%s,'x']", "[%s,NaN]",
      "[%s,/**/%s]"})
  void an_array_that_is_not_JSON_is_refused_as_a_whole(String body) {
    CLIENT.send("POST", PATH, body.replace("%s", event("never", ""))).problem(400, "malformed-json");
    assertThat(statuses(CLIENT.send("POST", PATH, "[" + event("after", "") + "]", "Prefer", "wait=30")))
        .containsExactly(201);
    assertThat(published()).containsExactly("after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "null", "1", "\"[]\"", "true"})
  void what_is_no_array_is_a_422(String body) {
    CLIENT.send("POST", PATH, body).problem(422, "invalid");
  }

  @Test
  void more_events_than_allowed_are_refused_before_any_is_published() {
    String one = event("many", "");
    Answer most = CLIENT.send("POST", PATH, "[" + String.join(",", Collections.nCopies(10_000, one)) + "]");
    assertThat(statuses(most)).hasSize(10_000).containsOnly(202);
    CLIENT.send("POST", PATH, "[" + String.join(",", Collections.nCopies(10_001, one)) + "]")
        .problem(413, "too-large");
    await().atMost(Duration.ofMinutes(1)).until(() -> published().size() >= 10_000);
    assertThat(published()).hasSize(10_000);
  }

  @Test
  void an_array_of_large_events_is_taken_and_one_that_is_too_large_is_its_own_error() {
    String large = event("x".repeat(1_000_000), "");
    Answer answer = CLIENT.send("POST", PATH, "[" + String.join(",", Collections.nCopies(15, large)) + ","
        + event("x".repeat(1_100_000), "") + "]");
    assertThat(statuses(answer).subList(0, 15)).containsOnly(202);
    assertThat(statuses(answer).getLast()).isEqualTo(413);
    CLIENT.send("POST", PATH, "[" + String.join(",", Collections.nCopies(17, large)) + "]").problem(413, "too-large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void a_compressed_array_is_taken_and_a_bomb_is_not(String coding) {
    byte[] body = Compressed.as(coding, "[" + event("compressed", "") + "]");
    assertThat(statuses(CLIENT.send("POST", PATH, body, "Content-Encoding", coding))).containsExactly(202);
    CLIENT.send("POST", PATH, Compressed.zeros(coding, 1L << 30), "Content-Encoding", coding)
        .problem(413, "too-large");
    byte[] brackets = Compressed.repeated(coding, "[".repeat(1 << 20).getBytes(StandardCharsets.UTF_8), 16);
    CLIENT.send("POST", PATH, brackets, "Content-Encoding", coding).problem(400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/x-ndjson"})
  void a_batch_has_no_single_key(String type) {
    JsonNode problem = CLIENT.send("POST", PATH, "[]", "Content-Type", type, "Idempotency-Key", "k").problem(422,
        "invalid");
    assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/Idempotency-Key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/ndjson", "application/xml", "nonsense",
      "application/json;charset=latin1",
      "application/x-ndjson;charset=utf-16"})
  void another_content_type_is_a_415_that_names_those_that_there_are(String type) {
    Answer answer = CLIENT.send("POST", PATH, "[]", "Content-Type", type);
    answer.problem(415, "unsupported-media-type");
    assertThat(answer.header("Accept")).containsAnyOf("application/json", "application/x-ndjson");
  }

  @Test
  void both_types_are_named() {
    assertThat(CLIENT.send("POST", PATH, "[]", "Content-Type", "text/plain").header("Accept"))
        .contains("application/json", "application/x-ndjson");
  }

  @Test
  void a_client_that_does_not_accept_the_answer_is_told_before_anything_is_published() {
    CLIENT.send("POST", PATH, "[" + event("never", "") + "]", "Accept", "text/html").problem(406, "not-acceptable");
    CLIENT.send("POST", PATH, event("never", "") + "\n", "Content-Type", "application/x-ndjson", "Accept", "text/html")
        .problem(406, "not-acceptable");
    assertThat(statuses(CLIENT.send("POST", PATH, "[" + event("after", "") + "]", "Prefer", "wait=30")))
        .containsExactly(201);
    assertThat(published()).containsExactly("after");
  }

  @Test
  void each_event_of_a_batch_says_only_the_first_of_much_that_is_wrong() {
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      members.append(",\"unknown").append(i).append("\":0");
    }
    Answer answer = CLIENT.send("POST", PATH, "[" + event("x", members.toString()) + "]");
    assertThat(answer.json().at("/results/0/errors").size()).isEqualTo(10);
  }

  @Test
  void a_spirit_that_the_caller_may_not_see_is_answered_as_one_that_is_not_there() {
    Caller caller = new Caller("another", Set.of(Scope.EVENTS_WRITE), Optional.of(Set.of(StandInWriter.newSpirit())));
    BatchPublication publication = new BatchPublication(SERVICE.getBean(ChangeLog.class),
        Way.BATCH, SERVICE.getBean(Rejections.class), SERVICE.getBean(EventChanges.class)::read, caller, Duration.ZERO,
        SERVICE.getBean(HttpSettings.class));
    ItemResult result = publication.publish(event("never", "").getBytes(StandardCharsets.UTF_8))
        .await(publication.newTally());
    assertThat(result.status()).isEqualTo(404);
    assertThat(Objects.requireNonNull(result.problem()).detail()).isEqualTo("there is no spirit " + spirit);
    assertThat(statuses(CLIENT.send("POST", PATH, "[" + event("after", "") + "]", "Prefer", "wait=30")))
        .containsExactly(201);
    assertThat(published()).containsExactly("after");
  }
}
