package com.elephantasm.events.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says what this is, and whether it can do its work. */
@RestController
final class ServiceEndpoint {
  private final HealthEndpoint health;
  private final Welcome welcome;

  private record Welcome(String message, String version) {}

  /**
   * @param components what the readiness is made of; left out where all is well
   */
  private record Health(String status, @JsonInclude(Include.NON_EMPTY) Map<String, String> components) {}

  ServiceEndpoint(HealthEndpoint health, ServiceVersion version) {
    this.health = health;
    this.welcome = new Welcome("Elephantasm Events", version.value());
  }

  @GetMapping(path = "/", produces = MediaType.APPLICATION_JSON_VALUE)
  Welcome welcome() {
    return welcome;
  }

  /** In short what the readiness group of {@code /actuator/health} says. */
  @GetMapping(path = "/health", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Health> health() {
    HealthDescriptor readiness = requireNonNull(health.healthForPath("readiness"), "no readiness group");
    return readiness.getStatus().equals(Status.UP)
        ? ResponseEntity.ok(new Health("healthy", Map.of()))
        : ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
            .body(new Health("unhealthy", components(readiness)));
  }

  private static Map<String, String> components(HealthDescriptor readiness) {
    Map<String, String> states = new LinkedHashMap<>();
    if (readiness instanceof CompositeHealthDescriptor composite && composite.getComponents() != null) {
      composite.getComponents().forEach((name, state) -> states.put(name, state.getStatus().getCode()));
    }
    return states;
  }
}
