package com.elephantasm.events.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to the application as a user does. */
final class Client {
  /** Reads whatever the service takes. */
  static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(2000).maxNumberLength(2000).build())
      .build());

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String[] always;

  /** @param headers names and values in turn, sent with every request */
  Client(String url, String... headers) {
    this.url = url;
    this.always = headers;
  }

  record Answer(int status, HttpResponse<String> response) {
    JsonNode json() {
      return JSON.readTree(response.body());
    }

    String id() {
      return json().get("id").asString();
    }

    @Nullable
    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }
  }

  Answer get(String path) {
    return sendBody("GET", path, BodyPublishers.noBody());
  }

  Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  Answer send(String method, String path, @Nullable String body, String... headers) {
    return sendBody(method, path, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body), headers);
  }

  /** @param headers names and values in turn; {@code Content-Type: application/json} unless they say otherwise */
  Answer sendBody(String method, String path, BodyPublisher publisher, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json").method(method, publisher);
    for (String[] given : List.of(always, headers)) {
      for (int i = 0; i < given.length; i += 2) {
        request.setHeader(given[i], given[i + 1]);
      }
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  String newSpirit() {
    return post("/api/v1/spirits", "{\"name\": \"Ada\"}", "Prefer", "wait=30").id();
  }
}
