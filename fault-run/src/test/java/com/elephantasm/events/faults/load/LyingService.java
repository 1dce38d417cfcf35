package com.elephantasm.events.faults.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A service that answers whatever it is told to, one answer after the other; the last one for ever. */
final class LyingService implements AutoCloseable {
  /** @param status 0 for breaking the connection off */
  record Lie(int status, String body, String token) {}

  private final HttpServer server;
  private final Queue<Lie> lies = new ArrayDeque<>();

  LyingService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  LyingService says(int status, String body) {
    lies.add(new Lie(status, body, "token"));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    Lie lie = lies.size() > 1 ? lies.remove() : lies.element();
    if (lie.status == 0) {
      exchange.close();
      return;
    }
    byte[] body = lie.body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Consistency-Token", lie.token);
    exchange.sendResponseHeaders(lie.status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  Endpoints endpoints() {
    List<URI> address = List.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    return new Endpoints(address, address, "", "", "", "");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
