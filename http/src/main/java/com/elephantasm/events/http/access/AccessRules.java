package com.elephantasm.events.http.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * What each request needs. Paths are compared as decoded text, which is safe because the firewall lets no path through that has
 * two meanings: no dots, double slashes, semicolons or encoded slashes.
 */
final class AccessRules {
  private static final String API = "/api/v1";
  private static final Set<String> OPEN = Set.of("/", "/health", "/openapi.json");
  private static final String DOCUMENTATION = "/docs";
  private static final List<String> OF_OPERATORS = List.of(API + "/dead-letters", API + "/replays");
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  // Wherever an operator has moved them, and on a port of their own too.
  private final RequestMatcher health = new OrRequestMatcher(EndpointRequest.to(HealthEndpoint.class),
      EndpointRequest.toAdditionalPaths(WebServerNamespace.SERVER, HealthEndpoint.class));
  private final RequestMatcher meters = EndpointRequest.to("prometheus");
  private final RequestMatcher endpoints = EndpointRequest.toAnyEndpoint();

  /** What a caller must have. */
  sealed interface Requirement {
    record Nothing() implements Requirement {}

    record Name() implements Requirement {}

    record Having(Scope scope) implements Requirement {}

    /** The scope, and that of all spirits: what shows the service as a whole shows something of each. */
    record HavingForAll(Scope scope) implements Requirement {}
  }

  Requirement of(HttpServletRequest request) {
    String path = path(request);
    if (isWithin(API, path)) {
      return new Requirement.Having(scope(request.getMethod(), path));
    }
    if (OPEN.contains(path) || isWithin(DOCUMENTATION, path) || health.matches(request)) {
      return new Requirement.Nothing();
    }
    if (meters.matches(request)) {
      return new Requirement.HavingForAll(Scope.METRICS);
    }
    return endpoints.matches(request) ? new Requirement.HavingForAll(Scope.ADMIN) : new Requirement.Name();
  }

  static boolean isApi(String path) {
    return isWithin(API, path);
  }

  /** What an operation of the API needs. */
  static Scope scope(String method, String path) {
    if (OF_OPERATORS.stream().anyMatch(folder -> isWithin(folder, path))) {
      return Scope.ADMIN;
    }
    return READING.contains(method) ? Scope.EVENTS_READ : Scope.EVENTS_WRITE;
  }

  private static boolean isWithin(String folder, String path) {
    return path.startsWith(folder) && (path.length() == folder.length() || path.charAt(folder.length()) == '/');
  }

  /** What Spring MVC looks for a controller by; the servlet's own path comes before it only where MVC was given one. */
  private static String path(HttpServletRequest request) {
    return request.getPathInfo() == null ? request.getServletPath() : request.getPathInfo();
  }
}
