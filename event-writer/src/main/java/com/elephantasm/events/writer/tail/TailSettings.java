package com.elephantasm.events.writer.tail;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of the live tails.
 *
 * @param maxTails how many live tails there may be at once in this process
 * @param heartbeat how often an idle tail says that it lives
 * @param buffer how many events wait for one client before its tail reads them from the store again
 * @param bufferSize how large the events that wait for one client may be together, and how much is read at once for one client, but for one event that is larger
 * @param totalBuffer how large the events may be that wait for all clients
 * @param maxReads how many tails may read from the store at once: each takes one of its connections for a moment
 * @param patience how long a client that has fallen behind may keep its tail waiting until it is dropped
 */
@ConfigurationProperties("elephantasm.tail")
record TailSettings(@DefaultValue("2000") int maxTails, @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("256") int buffer,
    @DefaultValue("256KB") DataSize bufferSize, @DefaultValue("64MB") DataSize totalBuffer,
    @DefaultValue("4") int maxReads, @DefaultValue("10s") Duration patience) {
  private static final DataSize LARGEST = DataSize.ofBytes(Integer.MAX_VALUE);

  TailSettings {
    Bounds.requireAtLeast("elephantasm.tail.max-tails", maxTails, 1);
    Bounds.requireAtLeast("elephantasm.tail.heartbeat", heartbeat, Duration.ofMillis(1));
    Bounds.requireAtLeast("elephantasm.tail.buffer", buffer, 1);
    Bounds.requireBetween("elephantasm.tail.buffer-size", bufferSize, DataSize.ofBytes(1), LARGEST);
    Bounds.requireAtMost("elephantasm.tail.buffer-size", bufferSize, "elephantasm.tail.total-buffer", totalBuffer);
    Bounds.requireAtLeast("elephantasm.tail.max-reads", maxReads, 1);
    Bounds.requireAtLeast("elephantasm.tail.patience", patience, Duration.ofMillis(1));
  }
}
