package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpStatus;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProblemTest {
  private static String json(Problem problem) {
    return new String(problem.json(), StandardCharsets.UTF_8);
  }

  @Test
  void a_problem_has_the_members_of_the_RFC_and_its_own() {
    Problem problem = Problem.of(ProblemType.DUPLICATE_EVENT, "stored already").with("event_id", "e1")
        .withHeader("Location", "/x");
    assertThat(json(problem)).isEqualTo("""
        {"type":"urn:elephantasm:problem:duplicate-event","title":"Duplicate event","status":409,\
        "detail":"stored already","event_id":"e1"}""");
    assertThat(problem.response().getHeaders().toSingleValueMap()).containsEntry("Location", "/x")
        .containsEntry("Content-Type", "application/problem+json");
  }

  @Test
  void invalid_input_says_where_and_what() {
    assertThat(json(Problem.invalid(List.of(InvalidInput.query("limit", "must be from 1 to 200"),
        InvalidInput.header("Idempotency-Key", "is bad"))))).isEqualTo("""
            {"type":"urn:elephantasm:problem:invalid","title":"Invalid request","status":422,\
            "detail":"query /limit must be from 1 to 200; header /Idempotency-Key is bad","errors":[\
            {"in":"query","pointer":"/limit","message":"must be from 1 to 200"},\
            {"in":"header","pointer":"/Idempotency-Key","message":"is bad"}]}""");
  }

  @ParameterizedTest
  @CsvSource({"404, urn:elephantasm:problem:not-found", "400, urn:elephantasm:problem:bad-request",
      "500, urn:elephantasm:problem:internal", "409, about:blank", "503, about:blank", "431, about:blank",
      "799, about:blank"})
  void a_bare_status_has_the_general_type_or_none(int status, String type) {
    assertThat(json(Problem.ofStatus(status, "x"))).contains("\"type\":\"" + type + "\"", "\"status\":" + status);
  }

  @Test
  void a_body_that_is_no_JSON_is_a_400_and_one_that_breaks_the_contract_a_422() {
    assertThatThrownBy(() -> new JsonBody("{".getBytes(StandardCharsets.UTF_8)).read(NewSpirit::fromJson))
        .isInstanceOfSatisfying(ProblemException.class, e -> {
          assertThat(e.problem().status()).isEqualTo(400);
          assertThat(e.problem().detail()).contains("line 1, column");
          assertThat(e.problem().errors()).singleElement().extracting(InvalidInput::pointer).isEqualTo("");
        });
    assertThatThrownBy(() -> new JsonBody("{\"nam\":1}".getBytes(StandardCharsets.UTF_8)).read(NewSpirit::fromJson))
        .isInstanceOfSatisfying(ProblemException.class, e -> {
          assertThat(e.problem().status()).isEqualTo(422);
          assertThat(e.problem().errors()).extracting(InvalidInput::pointer).containsExactly("/nam", "/name");
        });
  }

  @ParameterizedTest
  @EnumSource
  void whatever_the_writer_refuses_the_client_is_told_as_its_own_fault(RejectionReason reason) {
    Problem problem = Publication.refusal(new Outcome.Rejected(UUID.randomUUID(), reason, "why"));
    assertThat(HttpStatus.valueOf(problem.status()).is4xxClientError()).isTrue();
    assertThat(problem.detail()).isEqualTo("why");
  }
}
