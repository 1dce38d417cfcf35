package com.elephantasm.events.http.access;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/** Cross-origin requests (Fetch standard, "CORS protocol"). Without credentials: there are no cookies here, and keys are headers. */
final class Cors {
  private static final Duration PREFLIGHT_IS_KEPT = Duration.ofHours(1);

  private Cors() {}

  static Filter filter(List<String> origins) {
    CorsConfiguration allowed = new CorsConfiguration();
    allowed.setAllowedOrigins(origins);
    allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    allowed.addAllowedHeader(CorsConfiguration.ALL);
    allowed.setExposedHeaders(List.of("Location", "Link", "Consistency-Token", "Retry-After", "Preference-Applied",
        "RateLimit", "RateLimit-Policy"));
    allowed.setMaxAge(PREFLIGHT_IS_KEPT);
    CorsFilter filter = new CorsFilter(_ -> allowed);
    filter.setCorsProcessor(new Processor());
    return filter;
  }

  private static final class Processor extends DefaultCorsProcessor {
    @Override
    protected void rejectRequest(ServerHttpResponse response) throws IOException {
      Problem
          .of(ProblemType.FORBIDDEN,
              "pages of this origin may not do this; elephantasm.http.cors.origins has those that may")
          .write(((ServletServerHttpResponse) response).getServletResponse());
    }
  }
}
