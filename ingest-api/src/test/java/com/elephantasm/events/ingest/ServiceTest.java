package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.ingest.Client.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

class ServiceTest extends IntegrationTest {
  @Test
  void the_root_says_what_this_is() {
    Answer answer = CLIENT.send("GET", "/", (String) null);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.response().body()).matches("\\{\"message\":\"Elephantasm Events\",\"version\":\"[0-9].+\"}");
  }

  @Test
  void health_follows_the_readiness() {
    assertThat(CLIENT.send("GET", "/health", (String) null).response().body()).isEqualTo("{\"status\":\"healthy\"}");
    AvailabilityChangeEvent.publish(SERVICE, ReadinessState.REFUSING_TRAFFIC);
    try {
      Answer answer = CLIENT.send("GET", "/health", (String) null);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.json().at("/status").asString()).isEqualTo("unhealthy");
    } finally {
      AvailabilityChangeEvent.publish(SERVICE, ReadinessState.ACCEPTING_TRAFFIC);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness",
      "/actuator/info", "/actuator/metrics", "/actuator/metrics/http.server.requests", "/actuator/sbom/application"})
  void operators_find_what_they_need(String path) {
    CLIENT.send("GET", "/health", (String) null);
    assertThat(CLIENT.send("GET", path, (String) null).status()).isEqualTo(200);
  }

  @Test
  void it_listens_on_the_loopback_address_and_needs_no_database() {
    assertThat(SERVICE.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
    assertThat(SERVICE.containsBean("dataSource")).isFalse();
  }

  @Test
  void the_page_of_the_documentation_asks_no_other_host() {
    Answer page = CLIENT.send("GET", "/docs", (String) null);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
    assertThat(page.response().body()).doesNotContain("http:", "https:", "//");
    java.util.regex.Pattern.compile("(?:href|src)=\"([^\"]+)\"").matcher(page.response().body()).results()
        .forEach(link -> assertThat(CLIENT.send("GET", "/" + link.group(1), (String) null).status()).as(link.group(1))
            .isEqualTo(200));
  }
}
