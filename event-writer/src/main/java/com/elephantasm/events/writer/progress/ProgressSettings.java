package com.elephantasm.events.writer.progress;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param progressInterval how often, while somebody waits, the database is asked how far the other writers are
 */
@ConfigurationProperties("elephantasm.query")
record ProgressSettings(@DefaultValue("20ms") Duration progressInterval) {
  ProgressSettings {
    Bounds.requireAtLeast("elephantasm.query.progress-interval", progressInterval, Duration.ofMillis(1));
  }
}
