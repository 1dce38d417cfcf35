package com.elephantasm.events.benchmarks.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A web server that is ready, such as an ingest-api. */
public record Service(JavaProcess process, URI uri) implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  /** Whether it says that it can do its work. */
  static boolean isReady(URI uri) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri.resolve("/actuator/health/readiness"))
        .timeout(Duration.ofSeconds(5)).build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
