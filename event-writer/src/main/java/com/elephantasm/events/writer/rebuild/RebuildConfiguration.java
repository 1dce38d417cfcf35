package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.ReplayWork;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RebuildSettings.class)
class RebuildConfiguration {
  /** @param threads of a replay, whatever its mode; 0 is as many as there are processors */
  @Bean
  ReplayWork rebuildWork(DataSource live, ObjectProvider<Check> checks, RebuildSettings settings, Clock clock,
      @Value("${elephantasm.replay.threads:0}") int threads) {
    return new RebuildWork(live, checks.orderedStream().toList(), settings, clock,
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
  }
}
