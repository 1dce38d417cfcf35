package com.elephantasm.events.writer.replay;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param runs whether this process runs replays that are asked for over HTTP
 * @param atOnce how many replays may run at once on one store, whichever processes run them
 * @param threads how many batches one replay has at work at once; 0 is as many as there are processors
 * @param batchSize the most records in one transaction of a replay
 * @param lease after how long without a sign of life of the process that runs a replay another one takes over
 */
@ConfigurationProperties("elephantasm.replay")
record ReplaySettings(@DefaultValue("true") boolean runs, @DefaultValue("1") int atOnce, @DefaultValue("0") int threads,
    @DefaultValue("2000") int batchSize, @DefaultValue("15s") Duration lease) {
  ReplaySettings {
    Bounds.requireAtLeast("elephantasm.replay.at-once", atOnce, 1);
    Bounds.requireAtLeast("elephantasm.replay.threads", threads, 0);
    Bounds.requireAtLeast("elephantasm.replay.batch-size", batchSize, 1);
    Bounds.requireAtLeast("elephantasm.replay.lease", lease, Duration.ofSeconds(1));
    threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
