package com.elephantasm.events.http;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** What can go wrong with a request. A type names the problem for programs, so it is never renamed. */
public enum ProblemType {
  BAD_REQUEST(HttpStatus.BAD_REQUEST, "Bad request"), MALFORMED_JSON(HttpStatus.BAD_REQUEST,
      "Malformed JSON"), NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"), UNKNOWN_SPIRIT(HttpStatus.NOT_FOUND,
          "Unknown spirit"), UNKNOWN_EVENT(HttpStatus.NOT_FOUND, "Unknown event"), METHOD_NOT_ALLOWED(
              HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"), NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE,
                  "Not acceptable"), REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request timeout"),
  /** The event is there already: nothing was lost, nothing changed. */
  DUPLICATE_EVENT(HttpStatus.CONFLICT, "Duplicate event"),
  /** The key already names an event with another payload. */
  DEDUPE_KEY_REUSED(HttpStatus.CONFLICT, "Dedupe key reused"), TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE,
      "Content too large"), UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
  /** Read, but it breaks the contract; {@code errors} says where. */
  INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request"), INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR,
      "Internal error"),
  /** Kafka is away: nothing was acknowledged. */
  LOG_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Log unavailable"),
  /** PostgreSQL is away: nothing can be read. */
  STORE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Store unavailable");

  private final HttpStatus status;
  private final String title;

  ProblemType(HttpStatus status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The status that it has unless the problem says otherwise. */
  public HttpStatus status() {
    return status;
  }

  public String title() {
    return title;
  }

  public URI uri() {
    return URI.create("urn:elephantasm:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /** The general type of a status, if there is one; those of 503 are never general. */
  static Optional<ProblemType> of(int status) {
    return Arrays.stream(values()).filter(type -> type.status.value() == status)
        .filter(type -> type.status != HttpStatus.SERVICE_UNAVAILABLE && type.status != HttpStatus.CONFLICT)
        .findFirst();
  }
}
