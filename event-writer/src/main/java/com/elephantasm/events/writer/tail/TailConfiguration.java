package com.elephantasm.events.writer.tail;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.writer.progress.StoreProgress;
import com.elephantasm.events.writer.query.ReadTransactions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TailSettings.class)
@Import(LeanConnections.class)
class TailConfiguration {
  @Bean
  BufferedBytes bufferedBytes(TailSettings settings) {
    return new BufferedBytes(settings.totalBuffer().toBytes());
  }

  @Bean
  Tails tails(JdbcClient jdbc, ReadTransactions transactions, StoreProgress progress, Admission admission,
      BufferedBytes bytes, TailSettings settings) {
    NewEvents events = new NewEvents(jdbc, transactions);
    TailHub hub = new TailHub(events, progress, bytes);
    return new Tails(hub, new CatchUp(events, bytes, settings), admission, bytes, settings);
  }
}
