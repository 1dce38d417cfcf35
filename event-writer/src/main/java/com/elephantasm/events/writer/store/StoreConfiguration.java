package com.elephantasm.events.writer.store;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
class StoreConfiguration {
  /**
   * A statement that takes longer is stuck, and the batch is tried again. Each has this time for itself: how many there are in
   * a transaction depends on how many records waited for a spirit.
   */
  private static final int STATEMENT_TIMEOUT_SECONDS = 60;
  static final int WAITING_AT_ONCE = 100;

  @Bean
  LogPartitions logPartitions(DataSource dataSource) {
    return new LogPartitions(bounded(dataSource));
  }

  @Bean
  ChangeStore changeStore(PlatformTransactionManager transactionManager, DataSource dataSource,
      LogPartitions partitions, MeterRegistry registry, Clock clock) {
    return new ChangeStore(new TransactionTemplate(transactionManager), dataSource, partitions,
        new StoreMeters(registry, clock), WAITING_AT_ONCE);
  }

  @Bean
  Decisions decisions(PlatformTransactionManager transactionManager, DataSource dataSource) {
    return new Decisions(new TransactionTemplate(transactionManager), bounded(dataSource));
  }

  /** Boot would migrate while it builds the application, and wait there for a database that is away. */
  @Bean
  FlywayMigrationStrategy migratedByStoreMigration() {
    return _ -> {};
  }

  @Bean
  StoreMigration storeMigration(Flyway flyway) {
    return new StoreMigration(flyway);
  }

  static JdbcClient bounded(DataSource dataSource) {
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    jdbc.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
    return JdbcClient.create(jdbc);
  }
}
