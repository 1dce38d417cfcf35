package com.elephantasm.events.http;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** What can go wrong with a request. A type names the problem for programs, so it is never renamed. */
public enum ProblemType {
  /** Cannot be read as HTTP has it. */
  BAD_REQUEST(HttpStatus.BAD_REQUEST, "Bad request"),
  /** Not JSON in UTF-8, or beyond what is read of it. */
  MALFORMED_JSON(HttpStatus.BAD_REQUEST, "Malformed JSON"),
  /** A {@code Consistency-Token} that no write has handed out. */
  INVALID_TOKEN(HttpStatus.BAD_REQUEST, "Invalid consistency token"),
  /** Who calls is not known: no key or token, or one that is none. */
  UNAUTHORIZED(HttpStatus.UNAUTHORIZED, "Unauthorized"),
  /** The caller is known, and may not do this. */
  FORBIDDEN(HttpStatus.FORBIDDEN, "Forbidden"),
  /** There is no such resource. */
  NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
  /** There is no such spirit, or none that the caller may see. */
  UNKNOWN_SPIRIT(HttpStatus.NOT_FOUND, "Unknown spirit"),
  /** There is no such event, or none that the caller may see. */
  UNKNOWN_EVENT(HttpStatus.NOT_FOUND, "Unknown event"),
  /** The resource is there, the method is none of it. */
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
  /** None of the forms that the answer has. */
  NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "Not acceptable"),
  /** The request did not arrive in time. */
  REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "Request timeout"),
  /** The event is there already: nothing was lost, nothing changed. */
  DUPLICATE_EVENT(HttpStatus.CONFLICT, "Duplicate event"),
  /** The key already names an event with another payload. */
  DEDUPE_KEY_REUSED(HttpStatus.CONFLICT, "Dedupe key reused"),
  /** The dead letter is in a state in which this cannot be done with it; {@code state} has it. */
  DEAD_LETTER_STATE(HttpStatus.CONFLICT, "Dead letter in another state"),
  /** The replay is in a state in which this cannot be done with it; {@code state} has it. */
  REPLAY_STATE(HttpStatus.CONFLICT, "Replay in another state"),
  /** A body, or a part of it, is larger than is read. */
  TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Content too large"),
  /** A {@code Content-Type} or {@code Content-Encoding} that is not read here. */
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
  /** Read, but it breaks the contract; {@code errors} says where. */
  INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request"),
  /** The caller sends more requests than it may. */
  RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "Too many requests"),
  /** A fault of the service. */
  INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error"),
  /** The service has as much to do as it can carry. */
  OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "Overloaded"),
  /** Kafka is away: nothing was acknowledged. */
  LOG_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Log unavailable"),
  /** PostgreSQL is away: nothing can be read. */
  STORE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Store unavailable"),
  /** The store has not applied yet what the read asks for. */
  STORE_BEHIND(HttpStatus.SERVICE_UNAVAILABLE, "Store behind the log");

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
    return URI.create("urn:elephantasm:problem:" + wireName());
  }

  String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The general type of a status, if there is one; those of 503 are never general. */
  static Optional<ProblemType> of(int status) {
    return Arrays.stream(values()).filter(type -> type.status.value() == status)
        .filter(type -> type.status != HttpStatus.SERVICE_UNAVAILABLE && type.status != HttpStatus.CONFLICT)
        .findFirst();
  }
}
