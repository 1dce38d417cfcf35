package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.measure.Progress;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.io.IOException;
import java.util.List;

/** Starts a real Kafka and a real PostgreSQL once for all tests; they end with the JVM. Only one test may fill the topic. */
public abstract class IntegrationTest {
  protected static final Servers SERVERS = start();
  protected static final Progress PROGRESS = new Progress(System.err);

  private static Servers start() {
    try {
      return Servers.start();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One pair of as few events as show that all of it works, with a writer that starts fast. */
  protected static Options smallest(int events) {
    return new Options(events, 1, 1, 2, 1, Events.CONTENT, List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), List.of(),
        1,
        "smallest", PROGRESS);
  }
}
