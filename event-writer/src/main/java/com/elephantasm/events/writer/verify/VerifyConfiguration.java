package com.elephantasm.events.writer.verify;

import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.writer.replay.ReplayMode;
import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.replay.ReplayThreads;
import com.elephantasm.events.writer.replay.ReplayWork;
import com.elephantasm.events.writer.store.LogPartitions;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class VerifyConfiguration {
  @Bean
  Verification verification(DataSource live, ReplayThreads threads) {
    return new Verification(live, threads.number());
  }

  @Bean
  ReplayWork verifyWork(Verification verification, LogPartitions partitions, LogSettings log) {
    return new ReplayWork() {
      @Override
      public ReplayMode mode() {
        return ReplayMode.VERIFY;
      }

      @Override
      public void run(ReplayRun run) throws InterruptedException {
        verification.verify(run, partitions, log.topic());
        verification.discard(run.id());
      }

      @Override
      public void discard(UUID replay) {
        verification.discard(replay);
      }
    };
  }
}
