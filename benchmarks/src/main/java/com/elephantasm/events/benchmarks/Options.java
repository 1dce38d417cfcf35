package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.measure.Pairs;
import com.elephantasm.events.benchmarks.measure.Progress;
import java.util.List;

/**
 * What is asked of a scenario.
 *
 * @param events that one run takes in
 * @param stored events that are in the store before, for the scenarios where it is large
 * @param pairs how often both sides run
 * @param threads consumers of all writers together, and connections of what they are compared with
 * @param writers processes that share a drain
 * @param content characters of an event's content in a drain, on average
 * @param writerJvm options of the writer's JVM
 * @param writerSettings such as {@code --elephantasm.writer.batch-size=5000}
 * @param ingestJvm options of the JVM of the ingest-api, and of the web server that it is compared with
 * @param seed of the events
 * @param command the arguments that all this was started with
 */
public record Options(int events, long stored, Pairs pairs, int threads, int writers, int content,
    List<String> writerJvm, List<String> writerSettings, List<String> ingestJvm, long seed, String command,
    Progress progress) {
  public Options {
    if (events < 1 || stored < 1 || threads < 1) {
      throw new IllegalArgumentException("events, stored and threads must be at least 1, were %d, %d and %d"
          .formatted(events, stored, threads));
    }
    if (writers < 1 || threads % writers != 0) {
      throw new IllegalArgumentException(
          "threads must be a multiple of writers, were %d and %d".formatted(threads, writers));
    }
    if (content < Events.SHORTEST) {
      throw new IllegalArgumentException("content must be at least %d, was %d".formatted(Events.SHORTEST, content));
    }
  }
}
