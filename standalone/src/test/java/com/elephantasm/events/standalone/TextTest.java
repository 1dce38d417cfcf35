package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What comes out is what went in, to the character. */
class TextTest extends StandaloneTest {
  private static final int CHARACTERS_AT_ONCE = 100_000;
  private final String spirit = CLIENT.newSpirit();

  @Test
  void every_unicode_scalar_value_that_postgresql_can_hold_comes_back() {
    for (String text : allScalarValues()) {
      ObjectNode event = event(text);
      event.putObject("metadata").put("text", text);
      JsonNode stored = storedAndRead(event.toString());
      assertThat(stored.get("content").asString()).isEqualTo(text);
      assertThat(stored.get("metadata").get("text").asString()).isEqualTo(text);
    }
  }

  private static List<String> allScalarValues() {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.appendCodePoint(c);
      }
      if (text.length() >= CHARACTERS_AT_ONCE || c == Character.MAX_CODE_POINT) {
        texts.add(text.toString());
        text.setLength(0);
      }
    }
    return texts;
  }

  @Test
  void long_numbers_deep_nesting_and_microseconds_come_back() {
    String metadata = "{\"z\":12345678901234567890,\"a\":-0.10,\"deep\":" + "[".repeat(400) + "{}" + "]".repeat(400)
        + "}";
    ObjectNode event = event("");
    event.put("occurred_at", "2024-05-15T17:00:01.123456+02:00");
    event.put("importance_score", 0.1);
    String body = event.toString().replaceFirst("}$", ",\"metadata\":" + metadata + "}");
    Answer answer = CLIENT.post("/api/v1/events", body);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    assertThat(answer.response().body()).contains("\"metadata\":" + metadata)
        .contains("\"occurred_at\":\"2024-05-15T15:00:01.123456Z\"").contains("\"importance_score\":0.1,");
    assertThat(CLIENT.get("/api/v1/events/" + answer.id()).response().body()).isEqualTo(answer.response().body());
  }

  private JsonNode storedAndRead(String event) {
    Answer answer = CLIENT.post("/api/v1/events", event, "Prefer", "wait=30");
    assertThat(answer.status()).isEqualTo(201);
    JsonNode read = CLIENT.get("/api/v1/events/" + answer.id()).json();
    assertThat(read).isEqualTo(answer.json());
    return read;
  }

  private ObjectNode event(String content) {
    return Client.JSON.createObjectNode().put("agent_id", spirit).put("event_type", "message.in").put("content",
        content);
  }
}
