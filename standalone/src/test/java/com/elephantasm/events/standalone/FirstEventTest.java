package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a newcomer types. */
class FirstEventTest extends StandaloneTest {
  private final Contract contract = new Contract(CLIENT);

  @Test
  void a_first_event_is_created_read_changed_deleted_and_restored() {
    String spirit = created(call("POST", "/api/v1/spirits", "", "{\"name\": \"Ada\"}")).id();
    Answer event = created(call("POST", "/api/v1/events", "", """
        {"agent_id": "%s", "event_type": "message.in", "content": "Do you remember me?", "session_id": "first"}
        """.formatted(spirit)));
    assertThat(call("GET", "/api/v1/events/{id}", event.id(), null).json()).isEqualTo(event.json());
    assertThat(CLIENT.get(String.valueOf(event.header("Location"))).json()).isEqualTo(event.json());
    assertThat(list(spirit)).isEqualTo("[" + event.response().body() + "]");

    Answer changed = call("PATCH", "/api/v1/events/{id}", event.id(),
        "{\"importance_score\": 0.9, \"meta_summary\": \"A greeting\"}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("importance_score").asDouble()).isEqualTo(0.9);
    assertThat(changed.json().get("meta_summary").asString()).isEqualTo("A greeting");
    assertThat(changed.json().get("content")).isEqualTo(event.json().get("content"));
    assertThat(list(spirit)).isEqualTo("[" + changed.response().body() + "]");

    assertThat(call("DELETE", "/api/v1/events/{id}", event.id(), null).status()).isEqualTo(204);
    assertThat(list(spirit)).isEqualTo("[]");
    assertThat(call("GET", "/api/v1/events/{id}", event.id(), null).status()).isEqualTo(404);

    Answer restored = call("PATCH", "/api/v1/events/{id}", event.id(), "{\"is_deleted\": false}");
    assertThat(restored.status()).isEqualTo(200);
    assertThat(list(spirit)).isEqualTo("[" + restored.response().body() + "]");
    assertThat(restored.json().get("meta_summary").asString()).isEqualTo("A greeting");
  }

  @Test
  void an_answer_that_breaks_the_contract_is_noticed() {
    assertThat(contract.problems("/components/schemas/Event", "{\"id\": \"7\"}")).isNotEmpty();
  }

  @Test
  void both_services_answer_as_one() {
    assertThat(call("GET", "/", "", null).json().get("message").asString()).isEqualTo("Elephantasm Events");
    assertThat(call("GET", "/health", "", null).response().body()).isEqualTo("{\"status\":\"healthy\"}");
    assertThat(CLIENT.get("/docs").response().body()).contains("docs/swagger-ui-bundle.js");
    assertThat(CLIENT.get("/docs/swagger-ui-bundle.js").status()).isEqualTo(200);
    assertThat(CLIENT.get("/actuator/health/readiness").json().get("status").asString()).isEqualTo("UP");
  }

  private static Answer created(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    return answer;
  }

  private String list(String spirit) {
    Answer answer = CLIENT.get("/api/v1/events?agent_id=" + spirit);
    contract.requireKept("GET", "/api/v1/events", answer);
    return answer.response().body();
  }

  /** Checks the answer against the documentation. */
  private Answer call(String method, String path, String id, @Nullable String body) {
    Answer answer = CLIENT.send(method, path.replace("{id}", id), body);
    contract.requireKept(method, path, answer);
    return answer;
  }
}
