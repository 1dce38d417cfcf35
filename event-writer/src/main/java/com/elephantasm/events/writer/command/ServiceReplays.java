package com.elephantasm.events.writer.command;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Replays of a running service, over its HTTP API. */
final class ServiceReplays implements Replays {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final URI base;
  private final @Nullable String apiKey;

  ServiceReplays(URI base, @Nullable String apiKey) {
    this.base = URI.create(base.toString().replaceFirst("/+$", ""));
    this.apiKey = apiKey;
  }

  @Override
  public ReplayView request(ObjectNode request) {
    return new ReplayView(send("POST", "", request));
  }

  @Override
  public ReplayView find(String id) {
    return new ReplayView(send("GET", "/" + id, null));
  }

  @Override
  public List<ReplayView> list(@Nullable String state, int limit) {
    String query = "?limit=%d%s".formatted(limit, state == null ? "" : "&state=" + state);
    List<ReplayView> replays = new ArrayList<>();
    send("GET", query, null).forEach(replay -> replays.add(new ReplayView(replay)));
    return replays;
  }

  @Override
  public ReplayView pause(String id) {
    return new ReplayView(send("POST", "/" + id + "/pause", null));
  }

  @Override
  public ReplayView resume(String id, boolean here) {
    return new ReplayView(send("POST", "/" + id + "/resume", null));
  }

  @Override
  public ReplayView cancel(String id) {
    return new ReplayView(send("POST", "/" + id + "/cancel", null));
  }

  @Override
  public ReplayView throttle(String id, @Nullable Long recordsPerSecond) {
    return new ReplayView(send("PATCH", "/" + id, JSON.createObjectNode().put("throttle", recordsPerSecond)));
  }

  @Override
  public boolean areRunHere() {
    return false;
  }

  private JsonNode send(String method, String path, @Nullable ObjectNode body) {
    BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1/replays" + path)).timeout(ANSWER)
        .method(method, publisher).header("Accept", "application/json, application/problem+json");
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (apiKey != null && !apiKey.isEmpty()) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new CommandFailedException(ExitCode.UNREACHABLE,
          "the service %s cannot be reached: %s".formatted(base, reason(e)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException(ExitCode.FAILED, "interrupted");
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null || e.getMessage().isBlank() ? e.getClass().getSimpleName() : e.getMessage();
  }

  private JsonNode answer(int status, String body) {
    JsonNode json = read(body);
    if (status / 100 == 2 && (json.isObject() || json.isArray())) {
      return json;
    }
    String why = sentence(json);
    int code = switch (status) {
      case 400, 422 -> ExitCode.WRONG;
      case 200, 404, 409 -> ExitCode.FAILED;
      default -> status >= 500 || status == 429 ? ExitCode.UNREACHABLE : ExitCode.FAILED;
    };
    throw new CommandFailedException(code, why.isEmpty()
        ? "the service %s answers with status %d, which is none of an event-writer".formatted(base, status)
        : why);
  }

  private static JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException _) {
      return JSON.missingNode();
    }
  }

  /** A problem (RFC 9457) in words; what is wrong with the request by the names of the options. */
  static String sentence(JsonNode problem) {
    String errors = problem.path("errors").valueStream()
        .map(error -> error.path("pointer").asString("").replaceFirst("^/", "").replace('_', '-') + " "
            + error.path("message").asString(""))
        .collect(Collectors.joining("; "));
    return errors.isEmpty() ? problem.path("detail").asString(problem.path("title").asString("")) : errors;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
