package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class EventIntakeTest extends IntegrationTest {
  private static final String PATH = "/api/v1/events";
  private SpiritId spirit = StandInWriter.newSpirit();

  @BeforeEach
  void anotherSpirit() {
    spirit = StandInWriter.newSpirit();
  }

  /** A whole event; more members begin with a comma. */
  private String event(String more) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"Grüße 🐘\"%s}".formatted(spirit, more);
  }

  private Change.EventCreated published() {
    var reads = WRITER.reads(change -> change.spiritId().equals(spirit));
    assertThat(reads).hasSize(1);
    return (Change.EventCreated) reads.getFirst().change();
  }

  private static Outcome duplicate(Change change, Instant at) {
    return new Outcome.EventDuplicate(((Change.EventCreated) change).stored(at));
  }

  private static Outcome conflict(Change change) {
    return new Outcome.Rejected(((Change.EventCreated) change).id().value(), RejectionReason.CONFLICT,
        "another payload");
  }

  private static EventId eventId(Identity identity, SpiritId spirit) {
    return EventId.of(spirit, identity);
  }

  @Test
  void an_event_that_was_stored_is_answered_with_201_and_the_stored_event() {
    Answer answer = CLIENT.send("POST", PATH, event(",\"occurred_at\":\"2024-05-15 15:00:01.1234567\",\"role\":null,"
        + "\"metadata\":{\"big\":12345678901234567890, \"list\":[1.0,1e2]},\"importance_score\":0.25"));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    JsonNode stored = answer.json();
    String id = stored.at("/id").asString();
    assertThat(answer.header("Location")).isEqualTo(PATH + "/" + id);
    assertThat(id).isEqualTo(published().id().toString());
    assertThat(stored.at("/content").asString()).isEqualTo("Grüße 🐘");
    assertThat(stored.at("/occurred_at").asString()).isEqualTo("2024-05-15T15:00:01.123456Z");
    assertThat(answer.response().body()).contains("\"metadata\":{\"big\":12345678901234567890,\"list\":[1.0,1e2]}");
    assertThat(stored.propertyNames()).containsExactly("id", "agent_id", "event_type", "content", "meta_summary",
        "role",
        "author", "occurred_at", "session_id", "metadata", "source_uri", "dedupe_key", "importance_score", "created_at",
        "updated_at", "is_deleted");
  }

  @Test
  void an_event_that_nothing_identifies_is_its_own_and_happened_now() {
    Instant before = Instant.now().minusMillis(1);
    String first = CLIENT.send("POST", PATH, event("")).json().at("/id").asString();
    Change.EventCreated change = published();
    assertThat(change.identity()).isInstanceOfSatisfying(Identity.CloudEvent.class, given -> {
      assertThat(given.source()).isEqualTo("/elephantasm/ingest");
      assertThat(given.id()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7.*");
    });
    assertThat(change.occurredAt()).isBetween(before, Instant.now());
    assertThat(change.occurredAt().getNano() % 1000).isZero();
    assertThat(CLIENT.send("POST", PATH, event("")).json().at("/id").asString()).isNotEqualTo(first);
  }

  @Test
  void what_is_published_is_a_CloudEvent_that_asks_for_its_outcome() {
    CLIENT.send("POST", PATH, event(",\"dedupe_key\":\"k\""));
    var record = WRITER.reads(change -> change.spiritId().equals(spirit)).getFirst().record();
    assertThat(record.header("ce_type")).isEqualTo("com.elephantasm.event.created.v1");
    assertThat(record.key()).asString().isEqualTo(spirit.toString());
    assertThat(record.replyTo()).isNotNull();
  }

  @Test
  void an_asynchronous_event_is_in_the_log_with_the_id_that_the_client_was_told() {
    WRITER.answer(spirit, (_, _) -> null);
    Answer answer = CLIENT.send("POST", PATH, event(""), "Prefer", "respond-async");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Preference-Applied")).isEqualTo("respond-async");
    JsonNode accepted = answer.json();
    assertThat(accepted.at("/status").asString()).isEqualTo("accepted");
    assertThat(answer.header("Location")).isEqualTo(PATH + "/" + accepted.at("/id").asString());
    org.awaitility.Awaitility.await().until(() -> !WRITER.reads(change -> change.spiritId().equals(spirit)).isEmpty());
    var read = WRITER.reads(change -> change.spiritId().equals(spirit)).getFirst();
    assertThat(published().id()).hasToString(accepted.at("/id").asString());
    assertThat(read.record().replyTo()).isNull();
    assertThat(accepted.at("/receipt/topic").asString()).isEqualTo(read.record().position().topic());
    assertThat(accepted.at("/receipt/partition").asInt()).isEqualTo(read.record().position().partition());
    assertThat(accepted.at("/receipt/offset").asLong()).isEqualTo(read.record().position().offset());
  }

  @Test
  void a_retry_is_told_the_same_id_however_it_names_the_event() {
    EventId id = eventId(new Identity.Key(new DedupeKey("k-1")), spirit);
    String body = event(",\"dedupe_key\":\"k-1\"");
    assertThat(CLIENT.send("POST", PATH, body, "Prefer", "respond-async").json().at("/id").asString())
        .hasToString(id.toString());
    assertThat(CLIENT.send("POST", PATH, event(""), "Prefer", "respond-async", "Idempotency-Key", "\"k-1\"").json()
        .at("/id").asString()).isEqualTo(id.toString());
    assertThat(CLIENT.send("POST", PATH, event(""), "Prefer", "respond-async", "Idempotency-Key", "k-1").json()
        .at("/id").asString()).isEqualTo(id.toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"wait=0|wait=0", "wait=1|wait=1", "respond-async, wait=1|respond-async, wait=1",
      "respond-async, wait=0|respond-async, wait=0", "respond-async, wait=x|respond-async"})
  void when_the_time_is_up_the_answer_is_202(String prefer, String applied) {
    WRITER.answer(spirit, (_, _) -> null);
    Instant start = Instant.now();
    Answer answer = CLIENT.send("POST", PATH, event(""), "Prefer", prefer);
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.header("Preference-Applied")).isEqualTo(applied);
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void a_store_that_answers_in_time_is_waited_for_whatever_else_is_preferred() {
    Answer answer = CLIENT.send("POST", PATH, event(""), "Prefer", "respond-async, wait=20");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=20");
    assertThat(CLIENT.send("POST", PATH, event(""), "Prefer", "handling=lenient").header("Preference-Applied"))
        .isNull();
  }

  @Test
  void an_event_for_no_spirit_is_a_404() {
    WRITER.answer(spirit, (change, _) -> new Outcome.Rejected(((Change.EventCreated) change).id().value(),
        RejectionReason.UNKNOWN_SPIRIT, "there is no spirit " + spirit));
    CLIENT.send("POST", PATH, event("")).problem(404, "unknown-spirit");
    WRITER.answer(spirit, (change, _) -> new Outcome.Rejected(((Change.EventCreated) change).id().value(),
        RejectionReason.DELETED_SPIRIT, "deleted"));
    CLIENT.send("POST", PATH, event("")).problem(404, "unknown-spirit");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {",\"dedupe_key\":\"k\"",
      ",\"source_uri\":\"mail:1\",\"occurred_at\":\"2024-05-15T15:00:01Z\""})
  void a_duplicate_by_its_body_is_a_409_that_names_the_event(String more) {
    WRITER.answer(spirit, EventIntakeTest::duplicate);
    Answer answer = CLIENT.send("POST", PATH, event(more));
    JsonNode problem = answer.problem(409, "duplicate-event");
    assertThat(problem.at("/event_id").asString()).isEqualTo(published().id().toString());
    assertThat(answer.header("Location")).isEqualTo(PATH + "/" + published().id());
  }

  @Test
  void a_duplicate_by_the_header_gets_the_first_answer_again() {
    WRITER.answer(spirit, EventIntakeTest::duplicate);
    Answer answer = CLIENT.send("POST", PATH, event(""), "Idempotency-Key", "\"k\"");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().at("/dedupe_key").asString()).isEqualTo("k");
    assertThat(answer.header("Location")).isEqualTo(PATH + "/" + published().id());
  }

  @Test
  void a_key_that_names_another_payload_is_a_conflict() {
    WRITER.answer(spirit, (change, _) -> conflict(change));
    Answer byBody = CLIENT.send("POST", PATH, event(",\"dedupe_key\":\"k\""));
    String id = published().id().toString();
    assertThat(byBody.problem(409, "dedupe-key-reused").at("/event_id").asString()).isEqualTo(id);
    assertThat(byBody.header("Location")).isEqualTo(PATH + "/" + id);
    Answer byHeader = CLIENT.send("POST", PATH, event(""), "Idempotency-Key", "k");
    assertThat(byHeader.problem(422, "dedupe-key-reused").at("/event_id").asString()).isEqualTo(id);
  }

  @Test
  void header_and_body_may_both_name_the_event_but_not_differently() {
    WRITER.answer(spirit, EventIntakeTest::duplicate);
    assertThat(CLIENT.send("POST", PATH, event(",\"dedupe_key\":\"k\""), "Idempotency-Key", "\"k\"").status())
        .isEqualTo(201);
    JsonNode problem = CLIENT.send("POST", PATH, event(",\"dedupe_key\":\"k\""), "Idempotency-Key", "\"j\"").problem(
        422,
        "invalid");
    assertThat(problem.at("/errors/0/in").asString()).isEqualTo("header");
    assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/Idempotency-Key");
    assertThat(WRITER.reads(change -> change.spiritId().equals(spirit))).hasSize(1);
  }

  @Test
  void a_header_that_is_no_key_is_a_422() {
    CLIENT.send("POST", PATH, event(""), "Idempotency-Key", "\"open").problem(422, "invalid");
    CLIENT.send("POST", PATH, event(""), "Idempotency-Key", "a", "Idempotency-Key", "b").problem(422, "invalid");
  }

  @Test
  void everything_that_is_wrong_with_an_event_is_said_at_once() {
    JsonNode errors = CLIENT.send("POST", PATH, """
        {"agent_id": "4ed77144", "event_type": " ", "content": 1, "meta_summary": "\\u0000", "role": "%s", "author": "%s",
         "occurred_at": "yesterday", "session_id": [], "metadata": {"a": ["\\ud800"]}, "source_uri": {},
         "dedupe_key": "", "importance_score": 1.5, "colour": "red"}""".formatted("r".repeat(51), "a".repeat(256)))
        .problem(422, "invalid").at("/errors");
    assertThat(errors.valueStream().map(error -> error.at("/pointer").asString())).containsExactly("/agent_id",
        "/event_type", "/content", "/meta_summary", "/role", "/author", "/occurred_at", "/session_id", "/metadata",
        "/source_uri", "/dedupe_key", "/importance_score", "/colour");
    assertThat(errors.valueStream()).allSatisfy(error -> {
      assertThat(error.at("/in").asString()).isEqualTo("body");
      assertThat(error.at("/message").asString()).isNotBlank();
    });
  }

  @Test
  void what_is_required_is_said() {
    JsonNode errors = CLIENT.send("POST", PATH, "{}").problem(422, "invalid").at("/errors");
    assertThat(errors.valueStream().map(error -> error.at("/pointer").asString())).containsExactly("/agent_id",
        "/event_type", "/content");
  }

  @ParameterizedTest
  @CsvSource({"/agent_id, null", "/agent_id, '\"{4ed77144-2596-5006-899e-2dbe2ab3832e}\"'", "/event_type, null",
      "/event_type, '\"\\t\"'", "/content, null", "/content, '\"\\udc00\"'", "/importance_score, -0.1",
      "/importance_score, '\"1\"'", "/metadata, '[]'", "/occurred_at, '\"2024-02-30T00:00:00Z\"'",
      "/dedupe_key, '\" \"'"})
  void each_rule_is_kept(String pointer, String value) {
    String field = pointer.substring(1);
    String body = event(",\"dedupe_key\":\"k\",\"occurred_at\":null,\"importance_score\":null,\"metadata\":null")
        .replaceFirst("\"" + field + "\":(\"[^\"]*\"|null)",
            java.util.regex.Matcher.quoteReplacement("\"" + field + "\":" + value));
    JsonNode errors = CLIENT.send("POST", PATH, body).problem(422, "invalid").at("/errors");
    assertThat(errors.size()).isEqualTo(1);
    assertThat(errors.at("/0/pointer").asString()).isEqualTo(pointer);
  }
}
