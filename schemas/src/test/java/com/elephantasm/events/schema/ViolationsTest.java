package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViolationsTest {
  @Test
  void everything_that_is_wrong_is_reported_at_once_in_the_order_of_the_input() {
    List<Violation> violations = newEvent("""
        {"agent_id": "x", "event_type": " ", "content": 7, "meta_summary": "\\u0000", "role": [], "author": {"a": [1]},
         "occurred_at": "yesterday", "session_id": "\\ud800", "metadata": [], "dedupe_key": "", "importance_score": "1",
         "is_deleted": true}""");
    assertThat(violations).extracting(Violation::pointer).containsExactly("/agent_id", "/event_type", "/content",
        "/meta_summary", "/role", "/author", "/occurred_at", "/session_id", "/metadata", "/dedupe_key",
        "/importance_score", "/is_deleted");
    assertThat(violations.getLast().message()).isEqualTo("is not a field of this resource");
    assertThat(violations.subList(0, 11)).allSatisfy(violation -> assertThat(violation.message()).startsWith("must "));
  }

  @Test
  void what_is_missing_is_reported_with_what_is_wrong() {
    assertThat(newEvent("{\"content\":null}")).containsExactly(
        new Violation("/content", "must be a string, was null"), new Violation("/agent_id", "is required"),
        new Violation("/event_type", "is required"));
  }

  @Test
  void pointers_escape_tilde_and_slash() {
    assertThat(violations("{\"name\":\"n\",\"a/b~c\":1,\"~1\":2,\"\":3}")).extracting(Violation::pointer)
        .containsExactly("/a~1b~0c", "/~01", "/");
  }

  @Test
  void a_name_that_holds_no_text_is_shown_as_far_as_it_can_be() {
    assertThat(violations("{\"name\":\"n\",\"a\\ud800\\u0000b\":1}")).extracting(Violation::pointer)
        .containsExactly("/a\ufffd\ufffdb");
    assertThat(violations("{\"name\":\"n\",\"%s\":1}".formatted("x".repeat(5000)))).extracting(Violation::pointer)
        .containsExactly("/" + "x".repeat(100) + "…");
  }

  @Test
  void metadata_is_judged_at_every_depth() {
    assertThat(violations("{\"name\":\"n\",\"metadata\":{\"a\":[{\"\\u0000\":[\"\\ud800\",\"ok\"]}]}}"))
        .containsExactly(
            new Violation("/metadata", "a name in it must not contain NUL (U+0000): PostgreSQL cannot store it"),
            new Violation("/metadata", "a string in it must not contain an unpaired surrogate (U+D800)"));
  }

  @Test
  void a_value_that_is_no_object_is_named_as_what_it_is() {
    assertThat(violations("[{}]")).containsExactly(new Violation("", "must be a JSON object, was an array"));
  }

  @Test
  void an_amendment_of_nothing_is_a_mistake_over_http_only() {
    byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
    assertThat(Decode.violations(EventAmendment.fromJson(nothing, UnknownFields.REJECT)))
        .containsExactly(new Violation("", "must have at least one field that is to change"));
    assertThat(EventAmendment.fromJson(nothing, UnknownFields.IGNORE)).isInstanceOf(Decoded.Valid.class);
  }

  @Test
  void the_answer_to_a_hostile_request_stays_small() {
    StringBuilder json = new StringBuilder("{\"name\":\"n\"");
    for (int i = 0; i < 10_000; i++) {
      json.append(",\"unknown ").append(i).append("\":1");
    }
    assertThat(violations(json + "}")).hasSize(FieldReader.MAX_VIOLATIONS);
  }

  private static List<Violation> newEvent(String json) {
    return Decode.violations(NewEvent.fromJson(json.getBytes(StandardCharsets.UTF_8), UnknownFields.REJECT));
  }

  private static List<Violation> violations(String newSpirit) {
    return Decode.violations(NewSpirit.fromJson(newSpirit.getBytes(StandardCharsets.UTF_8), UnknownFields.REJECT));
  }
}
