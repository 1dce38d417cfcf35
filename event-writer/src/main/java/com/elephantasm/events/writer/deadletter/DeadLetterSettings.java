package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param pendingFor a redrive whose outcome is not known for longer no longer keeps its letter from being redriven again; above
 *     what the writer may be behind the log
 */
@ConfigurationProperties("elephantasm.dead-letters")
record DeadLetterSettings(@DefaultValue("15m") Duration pendingFor) {
  DeadLetterSettings {
    Bounds.requireAtLeast("elephantasm.dead-letters.pending-for", pendingFor, Duration.ofSeconds(1));
  }
}
