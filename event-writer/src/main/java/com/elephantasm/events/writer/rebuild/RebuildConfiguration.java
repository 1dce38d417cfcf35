package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.ReplayThreads;
import com.elephantasm.events.writer.replay.ReplayWork;
import com.elephantasm.events.writer.verify.Verification;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RebuildSettings.class)
class RebuildConfiguration {
  @Bean
  ReplayWork rebuildWork(DataSource live, Verification verification, RebuildSettings settings, Clock clock,
      ReplayThreads threads) {
    return new RebuildWork(live, verification, settings, clock, threads.number());
  }
}
