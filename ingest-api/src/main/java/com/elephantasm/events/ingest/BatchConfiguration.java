package com.elephantasm.events.ingest;

import com.elephantasm.events.http.Admission;
import java.time.Clock;
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

  @Bean
  Uploads uploads(Admission admission, IngestSettings settings) {
    return new Uploads(admission, settings.maxUploads());
  }
}
