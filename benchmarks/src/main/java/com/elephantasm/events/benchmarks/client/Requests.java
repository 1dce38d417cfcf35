package com.elephantasm.events.benchmarks.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests in full, as they go over the wire: made before the clock runs. */
public final class Requests {
  private Requests() {}

  /**
   * One that posts JSON.
   *
   * @param to whose path and authority count
   * @param headers more of them, such as {@code Prefer: respond-async}
   */
  public static byte[] post(URI to, List<String> headers, byte[] json) {
    byte[] head = ("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n")
        .formatted(target(to), to.getAuthority(), json.length, lines(headers)).getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[head.length + json.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(json, 0, request, head.length, json.length);
    return request;
  }

  public static byte[] get(URI from) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(target(from), from.getAuthority())
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static String target(URI uri) {
    return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
  }

  static String lines(List<String> headers) {
    return String.join("", headers.stream().map(header -> header + "\r\n").toList());
  }
}
