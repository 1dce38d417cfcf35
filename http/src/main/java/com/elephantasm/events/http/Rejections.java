package com.elephantasm.events.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts what is answered with a problem, by its type: requests, and the events of batches that have an answer each. */
public final class Rejections {
  /** Of problems that have no type of ours. */
  private static final String OTHER = "other";

  private final ByReason requests;
  private final ByReason events;

  Rejections(MeterRegistry registry) {
    requests = new ByReason("elephantasm.requests.rejected", "Requests that were answered with a problem", registry);
    events = new ByReason("elephantasm.batch.events.rejected", "Events of batches that were answered with a problem",
        registry);
  }

  /** A request that gets this answer. */
  public void ofRequest(Problem problem) {
    requests.count(problem);
  }

  /** An event of a batch that gets this answer. */
  public void ofEvent(Problem problem) {
    events.count(problem);
  }

  private static final class ByReason {
    private final Map<URI, Counter> byType;
    private final Counter other;

    private ByReason(String name, String description, MeterRegistry registry) {
      Function<String, Counter> counter = reason -> Counter.builder(name).tag("reason", reason)
          .description(description).register(registry);
      byType = Arrays.stream(ProblemType.values())
          .collect(Collectors.toMap(ProblemType::uri, type -> counter.apply(type.wireName())));
      other = counter.apply(OTHER);
    }

    private void count(Problem problem) {
      byType.getOrDefault(problem.type(), other).increment();
    }
  }
}
