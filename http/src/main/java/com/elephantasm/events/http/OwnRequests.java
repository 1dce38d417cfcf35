package com.elephantasm.events.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/**
 * Requests that the service sends to itself before it is ready, so that the first real one finds the way through web server,
 * filters and JSON trodden. They must change nothing. Where callers are asked who they are, these are refused, and go less far.
 */
public final class OwnRequests {
  private static final int TIMES = 5;
  private static final int TIMEOUT_MS = 5_000;

  private final ApplicationContext context;

  OwnRequests(ApplicationContext context) {
    this.context = context;
  }

  /**
   * Sends one a few times; whatever the answer is, that is fine.
   *
   * @param json null for a request without a body
   */
  public void send(String method, String path, @Nullable String json) throws IOException {
    if (context instanceof WebServerApplicationContext web && web.getWebServer() != null) {
      for (int i = 0; i < TIMES; i++) {
        send(uri(web.getWebServer(), path), method, json);
      }
    }
  }

  private URI uri(WebServer server, String path) {
    InetAddress address = Binder.get(context.getEnvironment()).bind("server.address", InetAddress.class)
        .orElse(InetAddress.getLoopbackAddress());
    String host = (address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address).getHostAddress();
    return URI.create("http://%s:%d%s".formatted(host.contains(":") ? "[" + host + "]" : host, server.getPort(), path));
  }

  private static void send(URI uri, String method, @Nullable String json) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    connection.setRequestMethod(method);
    connection.setRequestProperty("Connection", "close");
    if (json != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream body = connection.getOutputStream()) {
        body.write(json.getBytes(StandardCharsets.UTF_8));
      }
    }
    boolean refused = connection.getResponseCode() >= 400;
    try (InputStream answer = refused ? connection.getErrorStream() : connection.getInputStream()) {
      if (answer != null) {
        answer.readAllBytes();
      }
    }
  }
}
