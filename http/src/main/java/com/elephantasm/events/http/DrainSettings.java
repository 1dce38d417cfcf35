package com.elephantasm.events.http;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a service begins to stop.
 *
 * @param drainTime how long at most a service that is told to stop still takes requests, so that whoever balances the load finds out that it is not ready
 */
@ConfigurationProperties("elephantasm.http")
record DrainSettings(@DefaultValue("2s") Duration drainTime) {
  DrainSettings {
    Bounds.requireAtLeast("elephantasm.http.drain-time", drainTime, Duration.ZERO);
  }
}
