package com.elephantasm.events.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.TestService.Answer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CorsTest {
  private static final String ORIGIN = "https://console.example.com";
  private static final ApiKey KEY = ApiKey.random();

  private static TestService service(String... origins) {
    return new TestService("elephantasm.access.mode=api-key", "elephantasm.access.keys[0].name=page",
        "elephantasm.access.keys[0].sha256=" + KEY.sha256(), "elephantasm.access.keys[0].scopes=events:read",
        "elephantasm.http.cors.origins=" + String.join(",", origins));
  }

  @Test
  void a_page_of_an_allowed_origin_may_call_and_read_what_it_needs() {
    try (TestService service = service(ORIGIN, "http://localhost:3000")) {
      Answer preflight = service.send("OPTIONS", "/api/v1/events", "Origin", ORIGIN, "Access-Control-Request-Method",
          "PATCH", "Access-Control-Request-Headers", "x-api-key,prefer");
      assertThat(preflight.status()).isEqualTo(200);
      assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
      assertThat(preflight.header("Access-Control-Allow-Methods")).contains("GET", "POST", "PUT", "PATCH", "DELETE");
      assertThat(preflight.header("Access-Control-Allow-Headers")).contains("x-api-key", "prefer");
      assertThat(preflight.header("Access-Control-Allow-Credentials")).isNull();

      Answer answer = service.get("/api/v1/events", "Origin", ORIGIN, "X-API-Key", KEY.value());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
      assertThat(answer.header("Access-Control-Expose-Headers")).contains("Location", "Link", "Consistency-Token",
          "Retry-After", "Preference-Applied", "RateLimit", "RateLimit-Policy");
      assertThat(service.get("/api/v1/events", "Origin", ORIGIN).header("Access-Control-Allow-Origin")).as("a 401 too")
          .isEqualTo(ORIGIN);
    }
  }

  @Test
  void a_page_of_another_origin_may_not() {
    try (TestService service = service(ORIGIN)) {
      for (String method : new String[]{"GET", "OPTIONS"}) {
        Answer answer = service.send(method, "/api/v1/events", "Origin", "https://example.org", "X-API-Key",
            KEY.value(),
            "Access-Control-Request-Method", "GET");
        answer.problem(403, "forbidden");
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
      }
      assertThat(service.get("/api/v1/events", "X-API-Key", KEY.value()).status()).as("what is no page").isEqualTo(200);
    }
  }

  @Test
  void all_origins_can_be_allowed() {
    try (TestService service = service("*")) {
      assertThat(service.get("/", "Origin", "https://example.org").header("Access-Control-Allow-Origin"))
          .isEqualTo("*");
    }
  }

  @Test
  void without_origins_there_is_no_CORS() {
    try (TestService service = service()) {
      Answer answer = service.get("/api/v1/events", "Origin", ORIGIN, "X-API-Key", KEY.value());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.response().headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
      service.send("OPTIONS", "/api/v1/events", "Origin", ORIGIN, "Access-Control-Request-Method", "GET").problem(401,
          "unauthorized");
    }
  }
}
