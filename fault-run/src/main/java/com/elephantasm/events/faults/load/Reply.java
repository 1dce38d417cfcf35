package com.elephantasm.events.faults.load;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What came of one HTTP request. */
sealed interface Reply {
  /** A whole response. */
  record Response(int status, HttpHeaders headers, byte[] body) implements Reply {
    /** The body; a missing node where it is no JSON. */
    JsonNode json() {
      try {
        return Json.MAPPER.readTree(body);
      } catch (JacksonException _) {
        return Json.MAPPER.missingNode();
      }
    }

    @Nullable
    String header(String name) {
      return headers.firstValue(name).orElse(null);
    }

    Duration retryAfter() {
      return headers.firstValue("Retry-After").filter(value -> value.matches("[0-9]{1,4}"))
          .map(value -> Duration.ofSeconds(Long.parseLong(value))).orElse(Duration.ZERO);
    }

    /** The problem's type without what all types begin with, or the status. */
    String problem() {
      String type = json().path("type").asString("");
      return type.startsWith(PROBLEM) ? type.substring(PROBLEM.length()) : "status " + status;
    }

    @Override
    public String toString() {
      return status + " " + new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
    }
  }

  /** Nobody took the connection: the request was not sent. */
  record Unreached(String reason) implements Reply {}

  /** The request, or a part of it, was sent, and no whole response came back. */
  record Cut(String reason) implements Reply {}

  String PROBLEM = "urn:elephantasm:problem:";
}
