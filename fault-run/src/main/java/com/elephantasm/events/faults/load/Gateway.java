package com.elephantasm.events.faults.load;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Instances of one service, as a client sees them: it stays with one until that one fails it. */
final class Gateway {
  /** Above what a request may take at the server: 5 s in the log's hands, and 5 s for the store. */
  private static final Duration TIMEOUT = Duration.ofSeconds(12);

  private final HttpClient http;
  private final List<URI> instances;
  private final AtomicInteger current;

  Gateway(HttpClient http, List<URI> instances, int first) {
    this.http = http;
    this.instances = instances;
    current = new AtomicInteger(first);
  }

  static HttpClient newClient() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
  }

  /** A path beginning with what follows the API's version. */
  Reply send(String method, String path, Map<String, String> headers, byte[] body) throws InterruptedException {
    int instance = current.get();
    HttpRequest.Builder request = HttpRequest.newBuilder(address(instance).resolve("/api/v1" + path))
        .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    Reply reply = exchange(request.build());
    if (!(reply instanceof Reply.Response(int status, var _, var _)) || status == 503) {
      leave(instance);
    }
    return reply;
  }

  /** The instance that is used now. */
  int current() {
    return current.get();
  }

  URI address(int instance) {
    return instances.get(Math.floorMod(instance, instances.size()));
  }

  /** Goes on to the next instance, unless somebody else did so already. */
  void leave(int instance) {
    current.compareAndSet(instance, instance + 1);
  }

  private Reply exchange(HttpRequest request) throws InterruptedException {
    // The client's own timeout ends with the headers of the response; a process that is stopped may stop after them.
    CompletableFuture<HttpResponse<byte[]>> response = http.sendAsync(request, BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> whole = response.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply.Response(whole.statusCode(), whole.headers(), whole.body());
    } catch (TimeoutException _) {
      response.cancel(true);
      return new Reply.Cut("no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      return failure(e.getCause() == null ? e : e.getCause());
    }
  }

  private static Reply failure(Throwable e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException
        ? new Reply.Unreached(e.toString())
        : new Reply.Cut(e.toString());
  }
}
