package com.elephantasm.events.faults.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An ingest-api or an event-writer.
 *
 * @param callers the way in for its HTTP clients
 */
public record Service(Node node, Link callers) {
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  static Service create(String name, Class<?> application, Path logs, List<String> arguments) {
    int port = Ports.free();
    List<String> all = new ArrayList<>(arguments);
    all.add("--server.port=" + port);
    JavaNode node = new JavaNode(name, 320, application, List.of(), all, logs.resolve(name + ".log"),
        () -> saysReady(port));
    return new Service(node, new Link(name + "'s callers", Ports.free(), port));
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + callers.port());
  }

  private static boolean saysReady(int port) {
    HttpRequest request = HttpRequest
        .newBuilder(URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(port)))
        .timeout(Duration.ofSeconds(5)).build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
