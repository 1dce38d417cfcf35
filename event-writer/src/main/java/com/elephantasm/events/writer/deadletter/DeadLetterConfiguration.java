package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.log.ChangeLog;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.store.Decisions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeadLetterSettings.class)
class DeadLetterConfiguration {
  @Bean
  DeadLetterQueries deadLetterQueries(JdbcClient jdbc, ReadTransactions transactions) {
    return new DeadLetterQueries(jdbc, transactions);
  }

  @Bean
  RedriveQueries redriveQueries(JdbcClient jdbc, ReadTransactions transactions) {
    return new RedriveQueries(jdbc, transactions);
  }

  @Bean
  Redriver redriver(DeadLetterQueries letters, Decisions decisions, ReadTransactions transactions, ChangeLog log,
      Admission admission) {
    return new Redriver(letters, decisions, transactions, log, admission);
  }
}
