package com.elephantasm.events.writer.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document says what the reads take. */
class QueryDocumentTest extends QueryIntegrationTest {
  private static final List<String> LETTERS = List.of("state", "reason", "agent_id", "subject_id", "topic",
      "partition", "since", "until", "waiting", "limit", "cursor");
  private static final List<String> LIST = List.of("agent_id", "event_type", "session_id", "role", "author",
      "min_importance", "since", "until", "include_deleted", "limit", "offset", "cursor");

  @Test
  void every_query_parameter_is_documented() {
    assertThat(queryParameters("/api/v1/events")).isEqualTo(LIST);
    assertThat(queryParameters("/api/v1/events/count")).isEqualTo(LIST.subList(0, 9));
    assertThat(queryParameters("/api/v1/events/{id}")).containsExactly("include_deleted");
    assertThat(queryParameters("/api/v1/events/{id}/status")).isEmpty();
    assertThat(queryParameters("/api/v1/spirits")).isEqualTo(LIST.subList(8, 12));
    assertThat(queryParameters("/api/v1/spirits/{id}")).containsExactly("include_deleted");
    assertThat(queryParameters("/api/v1/dead-letters")).isEqualTo(LETTERS);
    assertThat(queryParameters("/api/v1/dead-letters/counts")).isEqualTo(LETTERS.subList(0, 9));
    assertThat(queryParameters("/api/v1/dead-letters/{id}")).isEmpty();
    assertThat(queryParameters("/api/v1/dead-letters/redrives")).containsExactly("run", "dead_letter_id", "state",
        "limit", "cursor");
    assertThat(queryParameters("/api/v1/replays")).containsExactly("state", "limit", "cursor");
    assertThat(queryParameters("/api/v1/replays/{id}")).isEmpty();
    assertThat(queryParameters("/api/v1/replays/{id}/stream")).isEmpty();
  }

  @Test
  void what_is_documented_is_known() {
    for (String path : List.of("/api/v1/events", "/api/v1/events/count", "/api/v1/events/{id}", "/api/v1/spirits",
        "/api/v1/spirits/{id}", "/api/v1/dead-letters", "/api/v1/dead-letters/counts",
        "/api/v1/dead-letters/redrives", "/api/v1/replays")) {
      for (String name : queryParameters(path)) {
        String request = path.replace("{id}", spirit.toString()) + "?" + name + "=%00";
        assertThat(get(request).body()).as(request).contains("/" + name).doesNotContain("is not a parameter");
      }
    }
  }

  @Test
  void every_read_waits_for_a_token_and_says_so() {
    json(get("/openapi.json")).get("paths").forEachEntry((path, item) -> {
      if (path.startsWith("/api/v1/") && item.has("get")) {
        assertThat(item.at("/get/parameters").findValuesAsString("$ref")).as(path)
            .contains("#/components/parameters/ConsistencyToken")
            .containsAnyOf("#/components/parameters/PreferOfRead", "#/components/parameters/PreferOfEvent");
        assertThat(item.at("/get/responses/400/$ref").asString()).as(path)
            .isEqualTo("#/components/responses/UnreadableQuery");
        assertThat(item.at("/get/responses/503/$ref").asString()).as(path)
            .isEqualTo("#/components/responses/StoreUnavailable");
        assertThat(problemType(get(path.replace("{id}", spirit.toString()), "Consistency-Token", "none"))).as(path)
            .isEqualTo("invalid-token");
      }
    });
  }

  @Test
  void every_reference_leads_somewhere() {
    JsonNode document = json(get("/openapi.json"));
    assertThat(document.findValuesAsString("$ref")).isNotEmpty()
        .allSatisfy(
            reference -> assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
  }

  private List<String> queryParameters(String path) {
    JsonNode document = json(get("/openapi.json"));
    List<String> names = new ArrayList<>();
    document.get("paths").get(path).get("get").get("parameters").forEach(reference -> {
      JsonNode parameter = document.at(reference.get("$ref").asString().substring(1));
      if (parameter.get("in").asString().equals("query")) {
        names.add(parameter.get("name").asString());
      }
    });
    return names;
  }
}
