package com.elephantasm.events.ingest;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.OwnRequests;
import com.elephantasm.events.http.WarmUp;
import java.time.Clock;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What intake rests on. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IngestSettings.class)
class BatchConfiguration {
  @Bean
  EventChanges eventChanges(Clock clock) {
    return new EventChanges(clock);
  }

  /** An event that is refused, as it lacks its content. */
  @Bean
  WarmUp intakeWarmUp(OwnRequests requests) {
    return new WarmUp("intake", () -> {
      requests.send("POST", "/api/v1/events", """
          {"agent_id": "%s", "event_type": "system", "metadata": {"a": 1}}
          """.formatted(UUID.randomUUID()));
      return true;
    });
  }

  @Bean
  Uploads uploads(Admission admission, IngestSettings settings) {
    return new Uploads(admission, settings.maxUploads());
  }
}
