package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.OwnRequests;
import com.elephantasm.events.http.WarmUp;
import com.elephantasm.events.writer.progress.StoreProbe;
import com.elephantasm.events.writer.progress.StoreProgress;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Builds the reads on the application's database. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QuerySettings.class)
class QueryConfiguration {
  @Bean
  ReadTransactions readTransactions(JdbcClient jdbc, PlatformTransactionManager transactions, QuerySettings settings) {
    return new ReadTransactions(jdbc, transactions, settings.statementTimeout());
  }

  @Bean
  EventQueries eventQueries(JdbcClient jdbc, ReadTransactions transactions) {
    return new EventQueries(jdbc, transactions);
  }

  /** A list of events of nobody. */
  @Bean
  WarmUp readsWarmUp(OwnRequests requests, StoreProbe store) {
    return new WarmUp("reads", () -> {
      if (store.isWritable()) {
        requests.send("GET", "/api/v1/events?agent_id=" + UUID.randomUUID(), null);
      }
      return true;
    });
  }

  @Bean
  AwaitedEvents awaitedEvents(EventQueries events, StoreProgress progress) {
    return new AwaitedEvents(events, progress);
  }

  @Bean
  EventStatusQueries eventStatusQueries(JdbcClient jdbc, ReadTransactions transactions) {
    return new EventStatusQueries(jdbc, transactions);
  }

  @Bean
  SpiritQueries spiritQueries(JdbcClient jdbc, ReadTransactions transactions) {
    return new SpiritQueries(jdbc, transactions);
  }

  @Bean
  SessionStreams sessionStreams(EventQueries events, QuerySettings settings) {
    return new SessionStreams(events, settings);
  }
}
