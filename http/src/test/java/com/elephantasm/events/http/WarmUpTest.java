package com.elephantasm.events.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.AccessConfiguration;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WarmUpTest {
  private static final BlockingQueue<Integer> STATUSES = new LinkedBlockingQueue<>();

  @SpringBootConfiguration
  @EnableAutoConfiguration
  @Import(AccessConfiguration.class)
  static class Application {
    @Bean
    WarmUp readiness(ApplicationContext context) {
      return new WarmUp("readiness", () -> STATUSES.add(readinessStatus(context)));
    }

    @Bean
    WarmUp failing() {
      return new WarmUp("failing", () -> {
        throw new IllegalStateException("no server");
      });
    }

    @Bean
    WarmUps warmUps(List<WarmUp> all) {
      return new WarmUps(all);
    }
  }

  private static int readinessStatus(ApplicationContext context) throws Exception {
    WebServer server = requireNonNull(((WebServerApplicationContext) context).getWebServer());
    URI uri = URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(server.getPort()));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void a_service_serves_but_is_not_ready_while_it_warms_up_and_is_ready_afterwards_whatever_failed() throws Exception {
    try (ConfigurableApplicationContext service = new SpringApplicationBuilder(Application.class)
        .properties("spring.config.name=http").run("--server.port=0", "--spring.main.banner-mode=off",
            "--management.endpoint.health.group.readiness.include=readinessState")) {
      assertThat(STATUSES).containsExactly(503);
      assertThat(readinessStatus(service)).isEqualTo(200);
    }
  }
}
