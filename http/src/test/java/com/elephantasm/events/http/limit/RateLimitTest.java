package com.elephantasm.events.http.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.ApiKey;
import com.elephantasm.events.http.access.TestService;
import com.elephantasm.events.http.access.TestService.Answer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Windows are long here, so that no bucket gains anything while a test runs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RateLimitTest {
  private static final String LIMIT = "elephantasm.http.rate-limit.";

  @Test
  void who_sends_more_than_it_may_is_told_and_told_when_to_come_again() {
    try (TestService service = new TestService(LIMIT + "requests=2", LIMIT + "window=1h")) {
      Answer first = service.get("/api/v1/events");
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header("RateLimit-Policy")).isEqualTo("\"default\";q=2;w=3600");
      assertThat(first.header("RateLimit")).matches("\"default\";r=1;t=1[78][0-9]{2}");
      assertThat(service.get("/api/v1/events").header("RateLimit")).startsWith("\"default\";r=0;t=");

      Answer third = service.get("/api/v1/events");
      String seconds = String.valueOf(third.header("Retry-After"));
      assertThat(third.problem(429, "rate-limited")).contains("wait %s s".formatted(seconds));
      assertThat(Integer.parseInt(seconds)).isBetween(1700, 1800);
      assertThat(third.header("RateLimit")).isEqualTo("\"default\";r=0;t=" + seconds);
      assertThat(third.header("RateLimit-Policy")).isEqualTo("\"default\";q=2;w=3600");
    }
  }

  @Test
  void a_burst_can_be_larger_than_what_comes_back_in_a_window() {
    try (TestService service = new TestService(LIMIT + "requests=1", LIMIT + "window=1h", LIMIT + "burst=3")) {
      for (int left = 2; left >= 0; left--) {
        assertThat(service.get("/api/v1/events").header("RateLimit")).startsWith("\"default\";r=" + left);
      }
      service.get("/api/v1/events").problem(429, "rate-limited");
    }
  }

  @Test
  void what_is_not_of_the_API_is_never_limited() {
    try (TestService service = new TestService(LIMIT + "requests=1", LIMIT + "window=1h")) {
      service.get("/api/v1/events");
      service.get("/api/v1/events").problem(429, "rate-limited");
      for (String path : new String[]{"/", "/docs", "/health", "/actuator/health"}) {
        Answer answer = service.get(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        assertThat(answer.header("RateLimit")).as(path).isNull();
      }
    }
  }

  @Test
  void each_caller_has_a_limit_of_its_own_whatever_its_address() {
    ApiKey one = ApiKey.random();
    ApiKey other = ApiKey.random();
    try (TestService service = new TestService(LIMIT + "requests=1", LIMIT + "window=1h",
        "elephantasm.access.mode=api-key", "elephantasm.access.keys[0].name=one",
        "elephantasm.access.keys[0].sha256=" + one.sha256(), "elephantasm.access.keys[0].scopes=events:read",
        "elephantasm.access.keys[1].name=other", "elephantasm.access.keys[1].sha256=" + other.sha256(),
        "elephantasm.access.keys[1].scopes=events:read")) {
      assertThat(service.get("/api/v1/events", "X-API-Key", one.value()).status()).isEqualTo(200);
      service.get("/api/v1/events", "X-API-Key", one.value()).problem(429, "rate-limited");
      assertThat(service.get("/api/v1/events", "X-API-Key", other.value()).status()).isEqualTo(200);
      service.get("/api/v1/events", "X-API-Key", "none").problem(401, "unauthorized");
    }
  }

  @Test
  void without_the_setting_there_is_no_limit() {
    try (TestService service = new TestService()) {
      Answer answer = service.get("/api/v1/events");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("RateLimit")).isNull();
      assertThat(answer.header("RateLimit-Policy")).isNull();
      assertThat(answer.header("Cache-Control")).isNull();
    }
  }
}
