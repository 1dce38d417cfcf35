package com.elephantasm.events.writer.store;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
  /** A statement that takes longer than a minute is stuck; the batch is then tried again. */
  private static final int TIMEOUT_SECONDS = 60;

  @Bean
  LogPartitions logPartitions(JdbcClient jdbc) {
    return new LogPartitions(jdbc);
  }

  @Bean
  ChangeStore changeStore(PlatformTransactionManager transactionManager, JdbcClient jdbc, LogPartitions partitions) {
    TransactionTemplate transactions = new TransactionTemplate(transactionManager);
    transactions.setTimeout(TIMEOUT_SECONDS);
    return new ChangeStore(transactions, jdbc, partitions);
  }
}
