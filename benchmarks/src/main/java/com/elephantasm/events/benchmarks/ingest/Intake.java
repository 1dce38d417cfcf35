package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.client.Load;
import com.elephantasm.events.benchmarks.client.LoadResult;
import com.elephantasm.events.benchmarks.client.Requests;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;

/** An ingest-api in front of a log that has the spirits, and the events to send it. */
final class Intake implements AutoCloseable {
  static final List<String> RESPOND_ASYNC = List.of("Prefer: respond-async");
  private static final int SAMPLE = 1_000;

  private final Servers servers;
  private final Options options;
  private final Events events;
  private final Service service;
  private long next;

  private Intake(Servers servers, Options options, Events events, Service service) {
    this.servers = servers;
    this.options = options;
    this.events = events;
    this.service = service;
  }

  /** @param count how many events will be sent in one run */
  static Intake open(Servers servers, Options options, int count) throws InterruptedException {
    Events events = Events.forAbout(count, options.seed());
    Topic.create(servers.bootstrapServers());
    Topic.publish(servers.bootstrapServers(), events.spiritRecords().stream());
    return new Intake(servers, options, events, servers.startIngest(options.ingestJvm(), List.of()));
  }

  URI single() {
    return service.uri().resolve("/api/v1/events");
  }

  URI batch() {
    return service.uri().resolve("/api/v1/events/batch");
  }

  LogEnd log() {
    return new LogEnd(servers.bootstrapServers(), Topic.NAME);
  }

  Events events() {
    return events;
  }

  /** The bodies of events that were not sent before. */
  List<byte[]> bodies(int count) {
    next += count;
    return LongStream.range(next - count, next).mapToObj(number -> events.record(number).value()).toList();
  }

  /**
   * Posts events that were not posted before.
   *
   * @throws IllegalStateException where one is not answered with the status, or the log has not one more record for each
   */
  LoadResult post(int connections, List<String> headers, int count, int status)
      throws IOException, InterruptedException {
    List<byte[]> requests = bodies(count).stream().map(body -> Requests.post(single(), headers, body)).toList();
    LogEnd log = log();
    long before = log.records();
    LoadResult result = Load.closedLoop(single(), connections, requests).requireOnly(status);
    log.requireRecords(before + count);
    say("ingest-api", result);
    return result;
  }

  /** Waits until the writer has applied all of the log; then the store must have exactly the events that were posted. */
  void requireStored(Database store) throws InterruptedException, SQLException {
    log().requireStored(store, next);
  }

  void say(String name, LoadResult result) {
    options.progress().say("%s: %,.0f requests/s, p50 %.2f ms, p99 %.2f ms, slowest %.1f ms", name, result.rate(),
        result.p50(), result.p99(), result.max());
  }

  /** Adds what every scenario here has to say. */
  Paired described(Paired pairs, int count) {
    return pairs.with("events", count).with("spirits", events.spirits().size()).with("seed", options.seed())
        .with("mean_bytes_of_json", Math.round(Topic.meanSize(events, Math.min(SAMPLE, count))))
        .with("partitions", Topic.PARTITIONS).with("ingest_jvm", String.join(" ", options.ingestJvm()));
  }

  @Override
  public void close() {
    service.close();
  }
}
