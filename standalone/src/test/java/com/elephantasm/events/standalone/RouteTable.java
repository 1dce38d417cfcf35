package com.elephantasm.events.standalone;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where an {@code HTTPRoute} sends a request, by the precedence of the Gateway API: exact paths, longest prefix, a method. */
final class RouteTable {
  private record Match(boolean exact, String path, @Nullable String method, String backend) {
    boolean takes(String askedMethod, String askedPath) {
      boolean samePath = exact
          ? askedPath.equals(path)
          : askedPath.equals(path) || askedPath.startsWith(path.endsWith("/") ? path : path + "/");
      return samePath && (method == null || method.equals(askedMethod));
    }
  }

  private final JsonNode route;

  RouteTable(JsonNode route) {
    this.route = route;
  }

  @Nullable
  String backend(String method, String path) {
    Optional<Match> best = matches().filter(match -> match.takes(method, path))
        .max(Comparator.comparing(Match::exact).thenComparing(match -> match.path().length())
            .thenComparing(match -> match.method() != null));
    return best.map(Match::backend).orElse(null);
  }

  private Stream<Match> matches() {
    return route.at("/spec/rules").valueStream().flatMap(rule -> rule.path("matches").valueStream()
        .map(match -> new Match(match.at("/path/type").asString().equals("Exact"),
            match.at("/path/value").asString(), match.path("method").asString(null),
            rule.at("/backendRefs/0/name").asString())));
  }
}
