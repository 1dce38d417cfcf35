package com.elephantasm.events.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.TestService.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiKeyTest {
  private static final String SPIRIT = "4ed77144-2596-5006-899e-2dbe2ab3832e";
  private static final ApiKey READER = ApiKey.random();
  private static final ApiKey WRITER = ApiKey.random();
  private static final ApiKey ADMIN = ApiKey.random();
  private static final ApiKey ADMIN_OF_ONE = ApiKey.random();
  private static final ApiKey SCRAPER = ApiKey.random();
  private static final TestService SERVICE = new TestService(settings());

  private static String[] settings(String... more) {
    List<String> settings = new ArrayList<>(List.of("elephantasm.access.mode=api-key"));
    add(settings, 0, "reader", READER, "events:read");
    add(settings, 1, "writer", WRITER, "events:write");
    add(settings, 2, "admin", ADMIN, "admin");
    add(settings, 3, "admin of one", ADMIN_OF_ONE, "admin");
    settings.add("elephantasm.access.keys[3].spirits=" + SPIRIT);
    add(settings, 4, "prometheus", SCRAPER, "metrics");
    settings.addAll(Arrays.asList(more));
    return settings.toArray(String[]::new);
  }

  private static void add(List<String> settings, int index, String name, ApiKey key, String scope) {
    String prefix = "elephantasm.access.keys[%d].".formatted(index);
    settings.addAll(List.of(prefix + "name=" + name, prefix + "sha256=" + key.sha256(), prefix + "scopes=" + scope));
  }

  private static String[] bearer(ApiKey key) {
    return new String[]{"Authorization", "Bearer " + key.value()};
  }

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  @Test
  void nobody_gets_in_without_a_key() {
    Answer answer = SERVICE.get("/api/v1/events");
    assertThat(answer.problem(401, "unauthorized")).contains("Authorization: Bearer", "X-API-Key");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"elephantasm\"");
    assertThat(SERVICE.get("/api/v1/events", "Authorization", "Basic QTpC").header("WWW-Authenticate"))
        .doesNotContain("error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ek_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", "ek_ü", "x"})
  void an_unknown_key_is_an_invalid_token(String key) {
    Answer answer = SERVICE.get("/api/v1/events", "Authorization", "Bearer " + key);
    answer.problem(401, "unauthorized");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"elephantasm\", error=\"invalid_token\"");
  }

  @Test
  void a_key_is_taken_from_either_header_and_from_both_if_it_is_one() {
    String name = "Caller[name=reader, scopes=[EVENTS_READ], spirits=Optional.empty]";
    assertThat(SERVICE.get("/api/v1/events", bearer(READER)).body()).isEqualTo(name);
    assertThat(SERVICE.get("/api/v1/events", "Authorization", "bearer  " + READER.value()).body()).isEqualTo(name);
    assertThat(SERVICE.get("/api/v1/events", "X-API-Key", READER.value()).body()).isEqualTo(name);
    assertThat(SERVICE.get("/api/v1/events", "X-API-Key", READER.value(), "Authorization", "Bearer " + READER.value())
        .body()).isEqualTo(name);
    assertThat(SERVICE.get("/api/v1/events", "X-API-Key", READER.value(), "Authorization", "Basic QTpC").body())
        .isEqualTo(name);
    assertThat(SERVICE.get("/api/v1/events", "X-API-Key", READER.value(), "Authorization", "Bearer " + ADMIN.value())
        .problem(401, "unauthorized")).contains("more than one key");
    assertThat(SERVICE.get("/api/v1/events", "X-API-Key", READER.value(), "X-API-Key", ADMIN.value())
        .problem(401, "unauthorized")).contains("more than one key");
  }

  @Test
  void the_hash_of_a_key_is_no_key() {
    SERVICE.get("/api/v1/events", "X-API-Key", READER.sha256()).problem(401, "unauthorized");
  }

  @Test
  void a_key_can_do_what_its_scopes_allow() {
    for (String method : List.of("GET", "HEAD", "OPTIONS")) {
      assertThat(SERVICE.send(method, "/api/v1/events", bearer(READER)).status()).as(method).isEqualTo(200);
      assertThat(SERVICE.send(method, "/api/v1/events", bearer(WRITER)).status()).as(method).isEqualTo(403);
      assertThat(SERVICE.send(method, "/api/v1/events", bearer(ADMIN)).status()).as(method).isEqualTo(200);
    }
    for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "BREW")) {
      assertThat(SERVICE.send(method, "/api/v1/events", bearer(WRITER)).status()).as(method).isEqualTo(200);
      assertThat(SERVICE.send(method, "/api/v1/events", bearer(READER)).problem(403, "forbidden")).as(method)
          .contains("events:write");
      assertThat(SERVICE.send(method, "/api/v1/events", bearer(ADMIN)).status()).as(method).isEqualTo(200);
    }
  }

  @Test
  void what_is_missing_is_named() {
    Answer answer = SERVICE.get("/api/v1/events", bearer(WRITER));
    assertThat(answer.problem(403, "forbidden")).contains("events:read");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo(
        "Bearer realm=\"elephantasm\", error=\"insufficient_scope\", scope=\"events:read\"");
  }

  @Test
  void what_operators_do_needs_admin() {
    for (ApiKey key : List.of(READER, WRITER)) {
      assertThat(SERVICE.get("/api/v1/dead-letters/1", bearer(key)).problem(403, "forbidden")).contains("admin");
      assertThat(SERVICE.get("/api/v1/replays", bearer(key)).problem(403, "forbidden")).contains("admin");
      assertThat(SERVICE.get("/actuator/metrics", bearer(key)).problem(403, "forbidden")).contains("admin");
      assertThat(SERVICE.get("/actuator", bearer(key)).problem(403, "forbidden")).contains("admin");
    }
    assertThat(SERVICE.get("/api/v1/dead-letters/1", bearer(ADMIN)).status()).isEqualTo(200);
    assertThat(SERVICE.get("/actuator/metrics", bearer(ADMIN)).status()).isEqualTo(200);
  }

  @Test
  void what_concerns_all_spirits_needs_an_admin_of_all() {
    Answer answer = SERVICE.get("/api/v1/dead-letters/1", bearer(ADMIN_OF_ONE));
    assertThat(answer.body()).contains("admin of one", SPIRIT);
    assertThat(SERVICE.get("/actuator/metrics", bearer(ADMIN_OF_ONE)).problem(403, "forbidden"))
        .contains("only for some spirits");
  }

  @Test
  void who_scrapes_meters_can_do_nothing_else() {
    assertThat(SERVICE.get("/actuator/prometheus", bearer(SCRAPER)).body()).contains("jvm_memory_used_bytes");
    assertThat(SERVICE.get("/actuator/prometheus", bearer(ADMIN)).status()).isEqualTo(200);
    assertThat(SERVICE.get("/actuator/prometheus").status()).isEqualTo(401);
    assertThat(SERVICE.get("/actuator/prometheus", bearer(READER)).problem(403, "forbidden")).contains("metrics");
    SERVICE.get("/actuator/prometheus", bearer(ADMIN_OF_ONE)).problem(403, "forbidden");
    for (String path : List.of("/api/v1/events", "/api/v1/dead-letters/1", "/actuator/metrics", "/actuator")) {
      SERVICE.get(path, bearer(SCRAPER)).problem(403, "forbidden");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health", "/docs", "/actuator/health", "/actuator/health/readiness"})
  void some_paths_are_open_to_all_and_to_old_keys(String path) {
    assertThat(SERVICE.get(path).status()).isEqualTo(200);
    assertThat(SERVICE.get(path, "X-API-Key", "old").status()).isEqualTo(200);
  }

  @Test
  void the_details_of_the_health_are_for_admins_of_all() {
    assertThat(SERVICE.get("/actuator/health", bearer(ADMIN)).body()).contains("components", "diskSpace");
    assertThat(SERVICE.get("/actuator/health").body()).doesNotContain("diskSpace");
    assertThat(SERVICE.get("/actuator/health", bearer(READER)).body()).doesNotContain("diskSpace");
    assertThat(SERVICE.get("/actuator/health", bearer(ADMIN_OF_ONE)).body()).doesNotContain("diskSpace");
  }

  @Test
  void everything_else_needs_some_key_and_may_not_be_there() {
    SERVICE.get("/other").problem(401, "unauthorized");
    SERVICE.get("/nothing").problem(401, "unauthorized");
    assertThat(SERVICE.get("/other", bearer(WRITER)).status()).isEqualTo(200);
    assertThat(SERVICE.get("/nothing", bearer(WRITER)).status()).isEqualTo(404);
    assertThat(SERVICE.get("/actuator/env", bearer(WRITER)).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/docs/../actuator/metrics", "/docs/..;/actuator/metrics", "/docs/%2e%2e/actuator/metrics",
      "/docs%2f..%2factuator/metrics", "//actuator/metrics", "/actuator;a=b/metrics", "/%61ctuator/metrics",
      "/actuator/health/../metrics", "/actuator//metrics", "/ACTUATOR/metrics", "/actuator/metrics/",
      "/api/v1/../../actuator/metrics", "/docs/%252e%252e/actuator/metrics", "/docs\\..\\actuator\\metrics"})
  void no_way_of_writing_a_path_leads_around_the_rules(String path) throws IOException {
    assertThat(SERVICE.statusOf(path, "X-API-Key: " + READER.value())).doesNotContain(" 200").doesNotContain(" 50");
    assertThat(SERVICE.statusOf(path, "X-API-Key: none")).containsAnyOf(" 400", " 401");
  }

  @Test
  void answers_to_a_key_are_not_kept_by_caches() {
    assertThat(SERVICE.get("/api/v1/events", bearer(READER)).header("Cache-Control")).isEqualTo("no-store");
    assertThat(SERVICE.get("/").header("Cache-Control")).isNull();
  }

  @Test
  void the_rules_follow_the_actuator_wherever_it_is() {
    try (TestService moved = new TestService(settings("management.endpoints.web.base-path=/manage"))) {
      moved.get("/manage/metrics", bearer(READER)).problem(403, "forbidden");
      assertThat(moved.get("/manage/metrics", bearer(ADMIN)).status()).isEqualTo(200);
      assertThat(moved.get("/manage/health").status()).isEqualTo(200);
    }
    try (TestService apart = new TestService(
        settings("management.server.port=0", "management.server.address=127.0.0.1"))) {
      int port = apart.port("local.management.port");
      apart.send(port, "GET", "/actuator/metrics").problem(401, "unauthorized");
      apart.send(port, "GET", "/actuator/metrics", bearer(READER)).problem(403, "forbidden");
      assertThat(apart.send(port, "GET", "/actuator/metrics", bearer(ADMIN)).status()).isEqualTo(200);
      assertThat(apart.send(port, "GET", "/actuator/health").status()).isEqualTo(200);
    }
  }

  @Test
  void a_key_is_256_random_bits() {
    assertThat(READER.value()).matches("ek_[A-Za-z0-9_-]{43}");
    assertThat(READER).isNotEqualTo(WRITER);
    assertThat(READER.toString()).doesNotContain(READER.value());
    // As 'printf %s abc | sha256sum' says it.
    assertThat(new ApiKey("abc").sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
