package com.elephantasm.events.benchmarks.query;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Queries of each kind, of events and spirits that are there; what is asked for is spread over the store. */
final class Samples {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final int DEPTH = 10_000;
  private static final int ACTIVE_SPIRITS = 100;

  private final URI service;
  private final Events events;
  private final long stored;
  private final RandomGenerator random = new SplittableRandom(1);
  private final HttpClient http = HttpClient.newHttpClient();

  /** @param stored how many events are in the store, those of the numbers below 0 */
  Samples(URI service, Events events, long stored) {
    this.service = service;
    this.events = events;
    this.stored = stored;
  }

  List<URI> of(Kind kind, int count) throws IOException, InterruptedException {
    return switch (kind) {
      case NEWEST -> IntStream.range(0, count).mapToObj(_ -> newest(anySpirit())).toList();
      case SESSION -> IntStream.range(0, count).mapToObj(_ -> session(anyEvent())).toList();
      case BY_ID -> IntStream.range(0, count).mapToObj(_ -> service.resolve("/api/v1/events/" + anyEvent().id()))
          .toList();
      case DEEP_PAGE -> deepPages(count);
    };
  }

  private URI newest(SpiritId spirit) {
    return service.resolve("/api/v1/events?agent_id=%s&limit=%d".formatted(spirit, PAGE));
  }

  private SpiritId anySpirit() {
    return events.spirits().get(random.nextInt(Math.min(ACTIVE_SPIRITS, events.spirits().size())));
  }

  private URI session(Change.EventCreated change) {
    String session = Objects.requireNonNull(change.event().sessionId());
    return service.resolve("/api/v1/events?agent_id=%s&session_id=%s".formatted(change.spiritId(),
        URLEncoder.encode(session, StandardCharsets.UTF_8)));
  }

  private Change.EventCreated anyEvent() {
    return events.change(-1 - random.nextLong(stored));
  }

  /** The pages after the 10,000th of the most active spirit, or, where it has not so many, those of its last half. */
  private List<URI> deepPages(int count) throws IOException, InterruptedException {
    List<URI> cursors = new ArrayList<>();
    URI page = service.resolve(
        "/api/v1/events?agent_id=%s&limit=%d".formatted(events.spirits().getFirst(), LARGEST_PAGE));
    int steps = DEPTH * PAGE / LARGEST_PAGE + (count + LARGEST_PAGE / PAGE - 1) / (LARGEST_PAGE / PAGE);
    for (int step = 0; step < steps; step++) {
      URI next = next(page);
      if (next == null) {
        break;
      }
      cursors.add(next);
      page = next;
    }
    if (cursors.isEmpty()) {
      throw new IllegalStateException("the most active spirit has no second page");
    }
    List<URI> deep = cursors.subList(Math.min(cursors.size() / 2, DEPTH * PAGE / LARGEST_PAGE), cursors.size());
    return IntStream.range(0, count).mapToObj(i -> withPage(deep.get(i % deep.size()))).toList();
  }

  private static URI withPage(URI uri) {
    return URI.create(uri.toString().replace("limit=" + LARGEST_PAGE, "limit=" + PAGE));
  }

  private @Nullable URI next(URI page) throws IOException, InterruptedException {
    HttpResponse<Void> response = http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding());
    if (response.statusCode() != 200) {
      throw new IOException("%s was answered with %d".formatted(page, response.statusCode()));
    }
    return response.headers().firstValue("Link")
        .map(link -> page.resolve(link.substring(link.indexOf('<') + 1, link.indexOf('>')))).orElse(null);
  }
}
