package com.elephantasm.events.http;

import com.elephantasm.events.settings.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of a request.
 *
 * @param defaultWait how long a change, or a read with a token, waits for the store where the client does not say
 * @param maxWait the longest wait that a client can ask for; where the service stops meanwhile, it ends within five seconds
 * @param maxBodySize the largest body of one event or spirit, in bytes, after its compression is undone
 * @param bodyTimeout within which a body that is not streamed must have arrived
 */
@ConfigurationProperties("elephantasm.http")
public record HttpSettings(@DefaultValue("5s") Duration defaultWait, @DefaultValue("30s") Duration maxWait,
    @DefaultValue("1MB") DataSize maxBodySize, @DefaultValue("30s") Duration bodyTimeout) {
  private static final DataSize LARGEST = DataSize.ofBytes(Integer.MAX_VALUE);

  public HttpSettings {
    Bounds.requireAtLeast("elephantasm.http.default-wait", defaultWait, Duration.ZERO);
    Bounds.requireAtMost("elephantasm.http.default-wait", defaultWait, "elephantasm.http.max-wait", maxWait);
    Bounds.requireBetween("elephantasm.http.max-body-size", maxBodySize, DataSize.ofBytes(1), LARGEST);
    Bounds.requireAtLeast("elephantasm.http.body-timeout", bodyTimeout, Duration.ofMillis(1));
  }
}
