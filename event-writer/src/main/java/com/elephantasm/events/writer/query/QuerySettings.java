package com.elephantasm.events.writer.query;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of the reads.
 *
 * @param statementTimeout how long the database may work on one answer, or on one step of an answer that is streamed
 * @param maxStreams how many whole sessions may be streamed at once: each holds a connection for as long as its client takes
 */
@ConfigurationProperties("elephantasm.query")
record QuerySettings(@DefaultValue("30s") Duration statementTimeout, @DefaultValue("4") int maxStreams) {
  QuerySettings {
    Bounds.requireAtLeast("elephantasm.query.statement-timeout", statementTimeout, Duration.ofMillis(1));
    Bounds.requireAtLeast("elephantasm.query.max-streams", maxStreams, 1);
  }
}
