package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.client.Load;
import com.elephantasm.events.benchmarks.client.LoadResult;
import com.elephantasm.events.benchmarks.client.Requests;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.peer.PeerApplication;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.net.URI;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Single events, answered when the log has them, against the same web server with less behind it. Nobody reads the log. */
public final class PostAsync implements Scenario {
  private static final int CONNECTIONS = 64;
  private static final int SHARE = 10;

  private final String name;
  private final String description;
  private final PeerEndpoint peer;
  private final String unit;
  private final ToDoubleFunction<LoadResult> figure;
  private final Target target;

  private PostAsync(String name, String description, PeerEndpoint peer, String unit,
      ToDoubleFunction<LoadResult> figure, Target target) {
    this.name = name;
    this.description = description;
    this.peer = peer;
    this.unit = unit;
    this.figure = figure;
    this.target = target;
  }

  /** What stands behind the other web server, and how many records of the topic each request makes. */
  private enum PeerEndpoint {
    EMPTY("/empty", "empty 202", 0), PUBLISH("/publish", "nothing but the Kafka send", 1);

    private final String path;
    private final String title;
    private final int records;

    PeerEndpoint(String path, String title, int records) {
      this.path = path;
      this.title = title;
      this.records = records;
    }
  }

  public static PostAsync againstEmpty() {
    return new PostAsync("post-async",
        "Single POSTs with respond-async over 64 connections, against the same web server "
            + "answering an empty 202 after parsing the body.",
        PeerEndpoint.EMPTY, "requests/s", LoadResult::rate,
        Target.atLeast(0.45));
  }

  public static PostAsync againstPublish() {
    return new PostAsync("post-async-publish",
        "Single POSTs with respond-async over 64 connections, against the same web "
            + "server that does nothing but publish the body.",
        PeerEndpoint.PUBLISH, "requests/s", LoadResult::rate,
        Target.atLeast(1));
  }

  public static PostAsync tail() {
    return new PostAsync("post-async-p99",
        "The p99 of single POSTs with respond-async over 64 connections, against that of "
            + "the empty 202.",
        PeerEndpoint.EMPTY, "ms", LoadResult::p99, Target.atMost(3));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = Math.max(CONNECTIONS, options.events() / SHARE);
    LogEnd topic = new LogEnd(servers.bootstrapServers(), "peer").created();
    try (Intake intake = Intake.open(servers, options, count);
        Service server = servers.startHttp("peer", options.ingestJvm(), "/",
            port -> PeerApplication.program(port, servers.bootstrapServers(), topic.topic()))) {
      URI uri = server.uri().resolve(peer.path);
      Side ours = new Side("ingest-api, respond-async", unit,
          () -> figure.applyAsDouble(intake.post(CONNECTIONS, Intake.RESPOND_ASYNC, count, 202)));
      Side theirs = new Side(peer.title, unit, () -> figure.applyAsDouble(post(intake, uri, topic, count)));
      return intake.described(new Paired(name, ours, theirs, target), count).with("connections", CONNECTIONS)
          .run(options.pairs(), options.command(), options.progress());
    }
  }

  private LoadResult post(Intake intake, URI uri, LogEnd topic, int count) throws Exception {
    List<byte[]> requests = intake.bodies(count).stream().map(body -> Requests.post(uri, List.of(), body)).toList();
    long before = topic.records();
    LoadResult result = Load.closedLoop(uri, CONNECTIONS, requests).requireOnly(202);
    topic.requireRecords(before + (long) peer.records * count);
    intake.say(peer.title, result);
    return result;
  }
}
