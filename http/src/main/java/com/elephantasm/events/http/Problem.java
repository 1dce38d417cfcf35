package com.elephantasm.events.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error as RFC 9457 has it, {@code application/problem+json}.
 *
 * @param detail what is wrong with this request, in a sentence
 * @param errors each thing that is wrong with the input; left out where there is none
 * @param members what else the problem says, beside the members of the RFC
 * @param headers of the response, such as {@code Retry-After}
 */
public record Problem(URI type, String title, int status, String detail, List<InvalidInput> errors,
    Map<String, Object> members, Map<String, String> headers) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final URI ABOUT_BLANK = URI.create("about:blank");

  public Problem {
    errors = List.copyOf(errors);
    members = Map.copyOf(members);
    headers = Map.copyOf(headers);
  }

  public static Problem of(ProblemType type, String detail) {
    return new Problem(type.uri(), type.title(), type.status().value(), detail, List.of(), Map.of(), Map.of());
  }

  /** Input that breaks the contract: 422, and the detail names everything that is wrong. */
  public static Problem invalid(List<InvalidInput> errors) {
    return of(ProblemType.INVALID, errors.stream().map(InvalidInput::toString).collect(Collectors.joining("; ")))
        .withErrors(errors);
  }

  public static Problem invalid(InvalidInput error) {
    return invalid(List.of(error));
  }

  /** Kafka is away, or does not acknowledge: 503, and the client may send the same again. */
  public static Problem logUnavailable() {
    return of(ProblemType.LOG_UNAVAILABLE, "the log did not acknowledge the change in time; send it again")
        .withHeader(HttpHeaders.RETRY_AFTER, "5");
  }

  /** The problem that a status alone says; where we have no type for it, the one that RFC 9457 (section 4.2.1) has. */
  static Problem ofStatus(int status, String detail) {
    return ProblemType.of(status).map(type -> of(type, detail)).orElseGet(() -> {
      HttpStatus known = HttpStatus.resolve(status);
      String title = known == null ? "HTTP status " + status : known.getReasonPhrase();
      return new Problem(ABOUT_BLANK, title, status, detail, List.of(), Map.of(), Map.of());
    });
  }

  /** A problem that the container has found: it says no more than the status. */
  static Problem ofStatus(int status) {
    return ofStatus(status, switch (status) {
      case 400 -> "the request is not HTTP as this server reads it, or it ended too early";
      case 404 -> "there is nothing here";
      case 408 -> "the request did not arrive in time";
      case 431 -> "the headers are larger than this server reads";
      default -> status < 500
          ? "the server does not take this request"
          : "the server did not handle this request";
    });
  }

  public Problem withErrors(List<InvalidInput> shown) {
    return new Problem(type, title, status, detail, shown, members, headers);
  }

  public Problem withStatus(HttpStatus changed) {
    return new Problem(type, title, changed.value(), detail, errors, members, headers);
  }

  /** Adds an extension member; its value is a string, a number or a boolean. */
  public Problem with(String name, Object value) {
    return new Problem(type, title, status, detail, errors, with(members, name, value), headers);
  }

  public Problem withHeader(String name, String value) {
    return new Problem(type, title, status, detail, errors, members, with(headers, name, value));
  }

  private static <V> Map<String, V> with(Map<String, V> map, String name, V value) {
    Map<String, V> more = new LinkedHashMap<>(map);
    more.put(name, value);
    return more;
  }

  public ProblemException asException() {
    return new ProblemException(this);
  }

  byte[] json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", type.toString());
    json.put("title", title);
    json.put("status", status);
    json.put("detail", detail);
    if (!errors.isEmpty()) {
      json.put("errors", errors);
    }
    json.putAll(members);
    return JSON.writeValueAsBytes(json);
  }

  /** Answers with it where no controller does: in a filter. */
  public void write(HttpServletResponse response) throws IOException {
    byte[] json = json();
    response.setStatus(status);
    headers.forEach(response::setHeader);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(json.length);
    response.getOutputStream().write(json);
  }

  /** Whatever the request accepts: an error that cannot be shown helps nobody. */
  ResponseEntity<Object> response() {
    HttpHeaders all = new HttpHeaders();
    headers.forEach(all::set);
    return ResponseEntity.status(status).headers(all).contentType(MediaType.APPLICATION_PROBLEM_JSON).body(json());
  }
}
