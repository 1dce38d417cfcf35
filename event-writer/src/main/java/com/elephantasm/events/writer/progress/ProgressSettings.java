package com.elephantasm.events.writer.progress;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param progressInterval how often, while somebody waits, the database is asked how far the other writers are
 */
@ConfigurationProperties("elephantasm.query")
record ProgressSettings(@DefaultValue("20ms") Duration progressInterval) {
  ProgressSettings {
    if (progressInterval.toMillis() < 1) {
      throw new IllegalArgumentException(
          "elephantasm.query.progress-interval must be at least 1ms, was " + progressInterval);
    }
  }
}
