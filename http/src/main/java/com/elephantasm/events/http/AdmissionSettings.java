package com.elephantasm.events.http;

import com.elephantasm.events.settings.Bounds;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much a service takes on at once.
 *
 * @param maxInFlight requests that are worked on at once; one more is refused. What waits for the store, and what streams, has
 *     bounds of its own. The time of an answer under overload grows with it, and the throughput only up to a point
 * @param maxWaiting requests that wait for the store at once; one more is answered without waiting
 * @param maxBodyMemory bytes of bodies that are held in memory at once, inflated; one more is refused. Decoding takes a few times
 *     as much. An eighth of the heap where it is not given, at least 16 MB
 */
@ConfigurationProperties("elephantasm.http")
record AdmissionSettings(@DefaultValue("100") int maxInFlight, @DefaultValue("2000") int maxWaiting,
    @Nullable DataSize maxBodyMemory) {
  private static final DataSize LEAST_MEMORY = DataSize.ofMegabytes(16);

  AdmissionSettings {
    Bounds.requireAtLeast("elephantasm.http.max-in-flight", maxInFlight, 1);
    Bounds.requireAtLeast("elephantasm.http.max-waiting", maxWaiting, 1);
    if (maxBodyMemory != null) {
      Bounds.requireAtLeast("elephantasm.http.max-body-memory", maxBodyMemory, DataSize.ofBytes(1));
    }
  }

  long bodyMemory() {
    return maxBodyMemory != null
        ? maxBodyMemory.toBytes()
        : Math.max(LEAST_MEMORY.toBytes(), Runtime.getRuntime().maxMemory() / 8);
  }
}
