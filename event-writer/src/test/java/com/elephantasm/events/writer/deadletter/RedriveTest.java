package com.elephantasm.events.writer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RedriveTest extends LetterIntegrationTest {
  private static final String WAIT = "Prefer";
  private static final String LONG = "wait=30";

  private static Answer redrive(long letter, String body) {
    return post(LETTERS + "/" + letter + "/redrive", body.isEmpty() ? null : body, WAIT, LONG);
  }

  @Test
  void a_client_that_was_told_404_has_its_event_stored_when_the_spirit_is_there_and_somebody_redrives_it() {
    ask(event("k", "hello"));
    long letter = letter();
    JsonNode before = read(letter);
    assertThat(before.at("/reason").asString()).isEqualTo("unknown-spirit");
    assertThat(before.at("/waiting").asBoolean()).isFalse();
    createSpirit();
    assertThat(events()).isEmpty();

    Answer answer = redrive(letter, "").expect(200);

    assertThat(answer.text("/state")).isEqualTo("stored");
    assertThat(answer.text("/requested_by")).isEqualTo("ops");
    assertThat(answer.response().headers().firstValue("Consistency-Token")).isPresent();
    assertThat(answer.response().headers().firstValue("Preference-Applied")).hasValue(LONG);
    assertThat(events()).singleElement().extracting("content").isEqualTo("hello");
    JsonNode after = read(letter);
    assertThat(after.at("/state").asString()).isEqualTo("redriven");
    assertThat(after.at("/decision/by").asString()).isEqualTo("ops");
    assertThat(after.at("/redrives/0")).isEqualTo(answer.json());
    assertThat(after.at("/last_redrive")).isEqualTo(answer.json());
    JsonNode status = get("/api/v1/events/" + before.at("/subject_id").asString() + "/status").json();
    assertThat(status.at("/status").asString()).isEqualTo("stored");
    assertThat(status.has("rejections")).isFalse();
    assertThat(status.at("/position")).isEqualTo(answer.json().at("/position"));
  }

  @Test
  void a_plain_record_keeps_the_id_and_the_times_that_it_would_have_had() {
    Instant then = Instant.parse("2024-05-15T15:00:01.123Z");
    createSpirit();
    jdbc.sql("ALTER TABLE events ADD CONSTRAINT no_poison CHECK (content <> 'poison')").update();
    long letter;
    try {
      // Without a key it can come into any partition.
      send(new ProducerRecord<>(TOPIC, 0, then.toEpochMilli(), null, bytes(event(null, "poison"))));
      letter = letter();
    } finally {
      jdbc.sql("ALTER TABLE events DROP CONSTRAINT no_poison").update();
    }
    String id = read(letter).at("/subject_id").asString();

    redrive(letter, "").expect(200);

    assertThat(events()).singleElement().satisfies(row -> {
      assertThat(row).containsEntry("id", UUID.fromString(id));
      assertThat(jdbc.sql("SELECT created_at, occurred_at FROM events WHERE id = :id").param("id", row.get("id"))
          .query((found, _) -> List.of(found.getObject(1, OffsetDateTime.class).toInstant(),
              found.getObject(2, OffsetDateTime.class).toInstant()))
          .single()).containsOnly(then);
    });
  }

  @Test
  void what_fails_again_says_so_and_counts_on_its_letter() {
    createSpirit();
    send(event("k", "hello"));
    ask(event("k", "other"));
    long letter = letter();

    Answer answer = redrive(letter, "").expect(200);

    assertThat(answer.text("/state")).isEqualTo("rejected");
    assertThat(answer.text("/reason")).isEqualTo("conflict");
    JsonNode after = read(letter);
    assertThat(after.at("/state").asString()).isEqualTo("open");
    assertThat(after.at("/occurrences").asLong()).isEqualTo(2);
    assertThat(after.at("/position/last_offset")).isEqualTo(answer.json().at("/position/offset"));
    assertThat(letters(1)).hasSize(1);
    assertThat(post(LETTERS + "/redrive", "{\"agent_id\": \"%s\"}".formatted(spirit)).expect(200).json().at("/matching")
        .asLong()).isZero();
    assertThat(post(LETTERS + "/redrive", "{\"agent_id\": \"%s\", \"include_failed\": true}".formatted(spirit))
        .expect(200).json().at("/reasons/conflict").asLong()).isEqualTo(1);
  }

  @Test
  void a_redrive_with_another_value_stores_that() {
    createSpirit();
    send(event("k", "hello"));
    send(event("k", "other"));
    long letter = letter();

    Answer answer = redrive(letter, "{\"value\": %s}".formatted(event("l", "mended").replace("}",
        ", \"metadata\": {\"n\": 1.0, \"big\": 12345678901234567890}}"))).expect(200);

    assertThat(answer.text("/state")).isEqualTo("stored");
    assertThat(answer.json().at("/edited").asBoolean()).isTrue();
    assertThat(events()).extracting("content").containsExactly("hello", "mended");
    assertThat(jdbc.sql("SELECT metadata::text FROM events WHERE agent_id = :id AND dedupe_key = 'l'")
        .param("id", spirit).query(String.class).single()).isEqualTo("{\"n\":1.0,\"big\":12345678901234567890}");
    assertThat(read(letter).at("/record/value/text").asString()).contains("other");
  }

  @Test
  void another_value_that_is_none_is_refused_and_named() {
    createSpirit();
    send(event("k", "hello").replace("message.in", "\\u0000"));
    RecordMetadata broken = send(spirit.toString(), "{\"agent_id\"");
    long letter = letterAt(broken);
    for (String value : List.of("{}", "{\"agent_id\": \"x\"}", event("k", "x").replace("content", "contnt"))) {
      Answer answer = redrive(letter, "{\"value\": " + value + "}").expect(422);
      assertThat(answer.text("/errors/0/pointer")).isEqualTo("/value");
      assertThat(answer.text("/detail")).containsAnyOf("/agent_id", "/content");
    }
    redrive(letter, "{\"value\": 1}").expect(422);
    redrive(letter, "{\"valeu\": {}}").expect(422);
    redrive(letter, "{").expect(400);
    assertThat(read(letter).at("/redrives")).isEmpty();

    assertThat(redrive(letter, "{\"value\": " + event("k", "mended") + "}").expect(200).text("/state"))
        .isEqualTo("stored");
  }

  @Test
  void a_letter_is_redriven_once_with_effect_and_discarded_ones_only_if_one_insists() {
    ask(event("k", "hello"));
    ask(event("l", "hello"));
    List<JsonNode> two = letters(2);
    createSpirit();
    long first = two.get(0).get("id").asLong();
    redrive(first, "").expect(200);
    Answer again = redrive(first, "").expect(409);
    assertThat(again.text("/type")).isEqualTo("urn:elephantasm:problem:dead-letter-state");
    assertThat(again.text("/state")).isEqualTo("redriven");
    post(LETTERS + "/" + first + "/discard", null).expect(409);

    long second = two.get(1).get("id").asLong();
    Answer discarded = post(LETTERS + "/" + second + "/discard", "{\"note\": \"a test\"}").expect(200);
    assertThat(discarded.text("/state")).isEqualTo("discarded");
    assertThat(discarded.text("/decision/note")).isEqualTo("a test");
    assertThat(discarded.text("/decision/by")).isEqualTo("ops");
    post(LETTERS + "/" + second + "/discard", null).expect(200);
    assertThat(redrive(second, "").expect(409).text("/state")).isEqualTo("discarded");
    assertThat(redrive(second, "{\"include_discarded\": true}").expect(200).text("/state")).isEqualTo("stored");
    assertThat(events()).hasSize(2);
    redrive(999_999_999, "").expect(404);
  }

  @Test
  void what_waits_for_its_spirit_is_left_to_that_unless_it_is_mended() {
    UUID other = UUID.randomUUID();
    createSpirit(other);
    send(event("k", "to nobody"));
    long letter = letter();
    assertThat(redrive(letter, "").expect(409).text("/detail")).contains("waits for its spirit");

    assertThat(redrive(letter, "{\"value\": %s}".formatted(event(other, "k", "to other"))).expect(200).text("/state"))
        .isEqualTo("stored");
    createSpirit();

    assertThat(events()).isEmpty();
    assertThat(jdbc.sql("SELECT content FROM events WHERE agent_id = :id").param("id", other).query(String.class)
        .list()).containsExactly("to other");
  }

  @Test
  void what_waited_and_was_discarded_is_not_applied_when_its_spirit_arrives() {
    send(event("k", "unwanted"));
    send(event("l", "wanted"));
    long unwanted = letters(2).stream().filter(letter -> read(letter.get("id").asLong()).at("/record/value/text")
        .asString().contains("unwanted")).findFirst().orElseThrow().get("id").asLong();
    post(LETTERS + "/" + unwanted + "/discard", null).expect(200);
    createSpirit();

    await().atMost(PATIENCE).untilAsserted(
        () -> assertThat(events()).singleElement().extracting("content").isEqualTo("wanted"));
    assertThat(read(unwanted).at("/state").asString()).isEqualTo("discarded");
  }

  @Test
  void the_same_record_that_comes_anew_opens_its_letter_again() {
    createSpirit();
    send(event("k", "hello"));
    ask(event("k", "other"));
    long letter = letter();
    post(LETTERS + "/" + letter + "/discard", null).expect(200);
    ask(event("k", "other"));

    await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(read(letter).at("/state").asString()).isEqualTo("open");
      assertThat(read(letter).at("/occurrences").asLong()).isEqualTo(2);
    });
  }

  @Test
  void many_are_redriven_in_the_order_of_the_log_and_what_would_be_done_is_said_first() {
    for (int i = 0; i < 250; i++) {
      ask(event("k" + i, "hello " + i));
    }
    letters(200, "limit=200");
    await().atMost(PATIENCE).until(
        () -> get(LETTERS + "/counts?agent_id=" + spirit).json().at("/states/open/reasons/unknown-spirit")
            .asLong() == 250);
    createSpirit();
    String filter = "\"agent_id\": \"%s\", \"reason\": \"unknown-spirit\"".formatted(spirit);

    Answer dry = post(LETTERS + "/redrive", "{" + filter + "}").expect(200);
    assertThat(dry.json().at("/dry_run").asBoolean()).isTrue();
    assertThat(dry.json().at("/reasons/unknown-spirit").asLong()).isEqualTo(250);
    assertThat(events()).isEmpty();

    Answer some = post(LETTERS + "/redrive", "{" + filter + ", \"dry_run\": false, \"limit\": 120}").expect(200);
    assertThat(some.json().at("/redriven").asLong()).isEqualTo(120);
    assertThat(some.json().at("/remaining").asLong()).isEqualTo(130);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(events()).hasSize(120));
    assertThat(jdbc.sql("SELECT content FROM events WHERE agent_id = :id ORDER BY created_offset").param("id", spirit)
        .query(String.class).list()).first().isEqualTo("hello 0");
    assertThat(jdbc.sql("""
        SELECT bool_and(content = 'hello ' || number - 1)
        FROM (SELECT content, row_number() OVER (ORDER BY created_offset) AS number FROM events WHERE agent_id = :id) AS row
        """).param("id", spirit).query(Boolean.class).single()).isTrue();

    Answer rest = post(LETTERS + "/redrive", "{" + filter + ", \"dry_run\": false}").expect(200);
    assertThat(rest.json().at("/redriven").asLong()).isEqualTo(130);
    assertThat(rest.json().at("/remaining").asLong()).isZero();
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(events()).hasSize(250));
    String run = rest.text("/run");
    List<String> states = redrives("run=" + run + "&limit=50");
    assertThat(states).hasSize(130).containsOnly("stored");
    assertThat(redrives("run=" + run + "&state=rejected")).isEmpty();
    assertThat(get(LETTERS + "/counts?agent_id=" + spirit).json().at("/states/redriven/total").asLong()).isEqualTo(250);
  }

  private static List<String> redrives(String query) {
    List<String> states = new ArrayList<>();
    for (String page = LETTERS + "/redrives?" + query; page != null;) {
      Answer answer = get(page).expect(200);
      answer.json().forEach(redrive -> states.add(redrive.get("state").asString()));
      page = answer.next();
    }
    return states;
  }

  @Test
  void many_are_discarded_by_a_filter() {
    createSpirit();
    send(event("k", "hello"));
    for (int i = 0; i < 5; i++) {
      send(event("k", "other " + i));
    }
    letters(5);
    String filter = "\"agent_id\": \"%s\"".formatted(spirit);
    assertThat(post(LETTERS + "/discard", "{" + filter + "}").expect(200).json().at("/discarded").asLong()).isZero();
    Answer three = post(LETTERS + "/discard", "{" + filter + ", \"dry_run\": false, \"limit\": 3, \"note\": \"n\"}")
        .expect(200);
    assertThat(three.json().at("/discarded").asLong()).isEqualTo(3);
    assertThat(three.json().at("/remaining").asLong()).isEqualTo(2);
    letters(3, "state=discarded");
    letters(2);
    letters(5, "state=all");
    post(LETTERS + "/discard", "{\"reasn\": \"conflict\"}").expect(422);
    post(LETTERS + "/redrive", "{\"limit\": 0}").expect(422);
    post(LETTERS + "/redrive", "{\"state\": \"redriven\"}").expect(422);
  }

  @Test
  void bytes_of_any_kind_are_shown_and_can_be_redriven() {
    RecordMetadata sent = send(new ProducerRecord<>(TOPIC, 1, new byte[]{0, -1}, new byte[]{'{', -1}));
    long letter = letterAt(sent);
    JsonNode record = read(letter).get("record");
    assertThat(record.at("/key/text").isNull()).isTrue();
    assertThat(record.at("/key/base64").asString()).isEqualTo("AP8=");
    assertThat(record.at("/value/base64").asString()).isEqualTo("e/8=");

    assertThat(redrive(letter, "").expect(200).text("/state")).isEqualTo("rejected");
    long nothing = letterAt(send(new ProducerRecord<>(TOPIC, 1, null, null)));
    assertThat(read(nothing).at("/record/value").isNull()).isTrue();
    assertThat(redrive(nothing, "").expect(200).text("/reason")).isEqualTo("malformed");
    assertThat(read(nothing).at("/occurrences").asLong()).isEqualTo(2);
  }

  @Test
  void an_amendment_that_came_before_its_event_takes_effect_when_it_is_redriven() {
    createSpirit();
    RecordMetadata event = send(event("k", "hello"));
    await().atMost(PATIENCE).until(() -> events().size() == 1);
    String id = String.valueOf(events().getFirst().get("id"));
    jdbc.sql("DELETE FROM events WHERE agent_id = :id").param("id", spirit).update();
    send(spirit.toString(), "{\"id\": \"%s\", \"agent_id\": \"%s\", \"role\": \"user\"}".formatted(id, spirit),
        "ce_type", "com.elephantasm.event.amended.v1");
    long letter = letter("reason=unknown-event");
    send(event("k", "hello"));
    await().atMost(PATIENCE).until(() -> events().size() == 1);

    assertThat(redrive(letter, "").expect(200).text("/state")).isEqualTo("amended");
    assertThat(events()).singleElement().satisfies(row -> assertThat(row).containsEntry("role", "user"));
    assertThat(event.hasOffset()).isTrue();
  }

  @Test
  void an_operator_for_one_spirit_sees_and_does_nothing_else() {
    ask(event("k", "secret"));
    long foreign = letter();
    long unreadable = letterAt(send(spirit.toString(), "{\"" + spirit));
    send(ONE.toString(), event(ONE, "k" + spirit, "mine"), "elephantasm_reply_to", "nobody");
    await().atMost(PATIENCE).until(() -> !one("GET", LETTERS, null).json().isEmpty());

    one("GET", LETTERS, null).expect(200).json()
        .forEach(letter -> assertThat(letter.get("agent_id").asString()).isEqualTo(ONE.toString()));
    one("GET", LETTERS + "?agent_id=" + spirit, null).expect(404);
    for (long letter : List.of(foreign, unreadable)) {
      one("GET", LETTERS + "/" + letter, null).expect(404);
      one("POST", LETTERS + "/" + letter + "/redrive", null).expect(404);
      one("POST", LETTERS + "/" + letter + "/discard", null).expect(404);
    }
    one("POST", LETTERS + "/redrive", "{\"agent_id\": \"%s\", \"dry_run\": false}".formatted(spirit)).expect(404);
    long mine = one("GET", LETTERS, null).json().at("/0/id").asLong();
    one("POST", LETTERS + "/" + mine + "/redrive", "{\"value\": " + event("k", "not mine") + "}").expect(404);
    assertThat(one("POST", LETTERS + "/" + mine + "/redrive", null).expect(200).text("/requested_by"))
        .isEqualTo("of one");
    one("POST", LETTERS + "/discard", "{\"dry_run\": false}").expect(200);
    assertThat(read(foreign).at("/state").asString()).isEqualTo("open");
    assertThat(read(unreadable).at("/state").asString()).isEqualTo("open");
    one("GET", LETTERS + "/redrives", null).expect(200).json()
        .forEach(redrive -> assertThat(redrive.get("requested_by").asString()).isEqualTo("of one"));
  }

  private static Answer one(String method, String path, @Nullable String body) {
    return send(OF_ONE, method, path, body);
  }

  @Test
  void letters_are_listed_the_newest_first_page_after_page_by_any_filter() {
    createSpirit();
    send(event("k", "hello"));
    Instant start = Instant.parse("2025-01-01T00:00:00Z");
    for (int i = 0; i < 7; i++) {
      send(new ProducerRecord<>(TOPIC, 2, start.plusSeconds(i / 2).toEpochMilli(), bytes(spirit.toString()),
          bytes(event("k", "other " + i))));
    }
    List<JsonNode> all = letters(7);
    assertThat(all).extracting(letter -> letter.get("timestamp").asString())
        .isSortedAccordingTo((a, b) -> b.compareTo(a));

    List<JsonNode> walked = new ArrayList<>();
    for (String page = ofSpirit("limit=2"); page != null;) {
      Answer answer = get(page).expect(200);
      answer.json().forEach(walked::add);
      page = answer.next();
    }
    assertThat(walked).isEqualTo(all);
    letters(2, "since=" + start.plusSeconds(1), "until=" + start.plusSeconds(2));
    letters(7, "topic=" + TOPIC, "partition=2", "reason=conflict", "waiting=false");
    letters(0, "topic=other");
    letters(0, "partition=0");
    letters(0, "waiting=true");
    assertThat(get(list("subject_id=" + all.getFirst().get("subject_id").asString())).expect(200).json()).hasSize(7);
    assertThat(OffsetDateTime.parse(all.getFirst().get("timestamp").asString()).toInstant())
        .isEqualTo(start.plusSeconds(3).atOffset(ZoneOffset.UTC).toInstant());
    get(list("limit=0", "state=closed", "cursor=no", "reasn=x", "partition=-1")).expect(422);
    get(LETTERS + "/x").expect(422);
  }
}
