package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.standalone.Client.Answer;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of writes that nobody waits for, and how they can be read. */
class ReadYourWritesTest extends StandaloneTest {
  private static final String EVENTS = "/api/v1/events";
  private static final String TOKEN = ConsistencyToken.HEADER;

  private final Contract contract = new Contract(CLIENT);

  private static Answer post(String spirit, String key, String content) {
    Answer accepted = CLIENT.post(EVENTS, """
        {"agent_id": "%s", "event_type": "system", "content": "%s", "dedupe_key": "%s"}
        """.formatted(spirit, content, key), "Prefer", "respond-async");
    assertThat(accepted.status()).as(accepted.response().body()).isEqualTo(202);
    return accepted;
  }

  private static Answer putSpirit(String spirit) {
    return CLIENT.send("PUT", "/api/v1/spirits/" + spirit, "{\"name\": \"Ada\"}", "Prefer", "wait=30");
  }

  private JsonNode status(Answer event, Answer after) {
    Answer status = CLIENT.send("GET", EVENTS + "/" + event.id() + "/status", null, TOKEN,
        String.valueOf(after.header(TOKEN)), "Prefer", "wait=30");
    assertThat(status.status()).as(status.response().body()).isEqualTo(200);
    contract.requireKept("GET", EVENTS + "/{id}/status", status);
    return status.json();
  }

  @Test
  void a_thousand_reads_show_the_writes_that_they_follow() {
    List<String> spirits = Stream.generate(CLIENT::newSpirit).limit(8).toList();
    new FollowedWrites(CLIENT, List.of(CLIENT)).run(spirits, 125);
  }

  @Test
  void a_client_that_did_not_wait_learns_why_its_event_is_not_there_and_then_that_it_is() {
    String spirit = UUID.randomUUID().toString();
    Answer accepted = post(spirit, "k", "for nobody");
    JsonNode status = status(accepted, accepted);
    assertThat(status.get("status").asString()).isEqualTo("dead-lettered");
    assertThat(status.get("reason").asString()).isEqualTo("unknown-spirit");
    assertThat(status.get("waiting").asBoolean()).isTrue();
    assertThat(status.get("position")).isEqualTo(accepted.json().get("receipt"));

    Answer created = putSpirit(spirit);
    assertThat(created.status()).isEqualTo(201);
    JsonNode stored = status(accepted, created);
    assertThat(stored.get("status").asString()).isEqualTo("stored");
    assertThat(stored.get("position")).isEqualTo(accepted.json().get("receipt"));
    assertThat(stored.has("rejections")).isFalse();
  }

  @Test
  void of_two_payloads_with_one_key_the_status_tells_which_was_stored() {
    String spirit = CLIENT.newSpirit();
    Answer first = post(spirit, "k", "one");
    Answer second = post(spirit, "k", "another");
    Answer third = post(spirit, "k", "one");
    JsonNode status = status(first, third);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(status.get("position")).isEqualTo(first.json().get("receipt"));
    assertThat(status.get("rejections")).hasSize(1);
    assertThat(status.at("/rejections/0/reason").asString()).isEqualTo("conflict");
    assertThat(status.at("/rejections/0/position")).isEqualTo(second.json().get("receipt"));
  }

  @Test
  void an_event_of_a_deleted_spirit_and_one_that_was_never_sent_are_told_apart() {
    String spirit = CLIENT.newSpirit();
    Answer deleted = CLIENT.send("DELETE", "/api/v1/spirits/" + spirit, null);
    assertThat(deleted.status()).isEqualTo(204);
    Answer late = post(spirit, "k", "late");
    assertThat(status(late, late).get("reason").asString()).isEqualTo("deleted-spirit");
    Answer never = CLIENT.get(EVENTS + "/" + UUID.randomUUID() + "/status");
    contract.requireKept("GET", EVENTS + "/{id}/status", never);
    assertThat(never.json().get("status").asString()).isEqualTo("unknown");
  }

  @Test
  void a_read_waits_for_an_event_that_is_still_to_be_sent() {
    String spirit = UUID.randomUUID().toString();
    // Its id is known before: the event waits for its spirit, and is there as soon as that is.
    Answer accepted = post(spirit, "k", "early");
    CompletableFuture<Answer> read = CompletableFuture
        .supplyAsync(() -> CLIENT.send("GET", EVENTS + "/" + accepted.id(), null, "Prefer", "wait=30"));
    assertThat(status(accepted, accepted).get("waiting").asBoolean()).isTrue();
    putSpirit(spirit);
    assertThat(read.join().status()).isEqualTo(200);
  }

  @Test
  void writes_that_read_nothing_neither_wait_for_a_token_nor_look_at_it() {
    String never = ConsistencyToken.of(new RecordPosition("elephantasm.events", 0, Long.MAX_VALUE)).encoded();
    for (String token : List.of("none", never)) {
      Answer spirit = CLIENT.post("/api/v1/spirits", "{\"name\": \"Ada\"}", TOKEN, token, "Prefer", "wait=30");
      assertThat(spirit.status()).isEqualTo(201);
      assertThat(CLIENT.send("PUT", "/api/v1/spirits/" + spirit.id(), "{\"name\": \"Eve\"}", TOKEN, token).status())
          .isIn(200, 202);
      assertThat(CLIENT.send("DELETE", "/api/v1/spirits/" + spirit.id(), null, TOKEN, token).status()).isIn(202, 204);
    }
  }

  @Test
  void a_token_of_what_was_never_written_is_told_in_time() {
    String never = ConsistencyToken.of(new RecordPosition("elephantasm.events", 3, Long.MAX_VALUE)).encoded();
    Answer behind = CLIENT.send("GET", "/api/v1/spirits", null, TOKEN, never, "Prefer", "wait=1");
    contract.requireKept("GET", "/api/v1/spirits", behind);
    assertThat(behind.status()).isEqualTo(503);
    assertThat(behind.header("Retry-After")).isEqualTo("1");
    Answer invalid = CLIENT.send("GET", "/api/v1/spirits", null, TOKEN, "none");
    contract.requireKept("GET", "/api/v1/spirits", invalid);
    assertThat(invalid.status()).isEqualTo(400);
  }
}
