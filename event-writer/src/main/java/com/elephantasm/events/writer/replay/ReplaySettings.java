package com.elephantasm.events.writer.replay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param runs whether this process runs replays that are asked for over HTTP
 * @param atOnce how many may run at once on one store, whichever processes run them
 * @param threads how many batches one replay has at work at once; 0 is as many as there are processors
 * @param batchSize the most records in one transaction
 * @param lease after how long without a sign of life another process takes over
 */
@ConfigurationProperties("elephantasm.replay")
record ReplaySettings(@DefaultValue("true") boolean runs, @DefaultValue("1") int atOnce, @DefaultValue("0") int threads,
    @DefaultValue("2000") int batchSize, @DefaultValue("15s") Duration lease) {
  ReplaySettings {
    require("at-once", atOnce, 1);
    require("threads", threads, 0);
    require("batch-size", batchSize, 1);
    if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("elephantasm.replay.lease must be at least 1s, was " + lease);
    }
    threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "elephantasm.replay.%s must be at least %d, was %d".formatted(name, least, value));
    }
  }
}
