package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.servers.TestPostgres;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One real PostgreSQL for all tests of the store; each test brings its own spirits and its own log. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
abstract class StoreTest {
  static final TestPostgres POSTGRES = TestPostgres.start();
  static final DataSource DATA_SOURCE = migrated("public");

  static final MeterRegistry METERS = new SimpleMeterRegistry();

  final JdbcClient jdbc = JdbcClient.create(DATA_SOURCE);
  final LogPartitions partitions = new LogPartitions(jdbc);
  final ChangeStore store = store(DATA_SOURCE, partitions);
  final SpiritId spirit = new SpiritId(UUID.randomUUID());
  final TestLog log = new TestLog(partitions);

  static DataSource migrated(String schema) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(POSTGRES.jdbcUrl());
    config.setUsername(POSTGRES.username());
    config.setPassword(POSTGRES.password());
    config.setSchema(schema);
    config.setMaximumPoolSize(8);
    // Thousands of small transactions; what a crash leaves is tested elsewhere.
    config.setConnectionInitSql("SET synchronous_commit = off");
    HikariDataSource dataSource = new HikariDataSource(config);
    Flyway.configure().dataSource(dataSource).schemas(schema).load().migrate();
    return dataSource;
  }

  static ChangeStore store(DataSource dataSource, LogPartitions partitions) {
    // Two at once, so that few are enough to need more than one step.
    return new ChangeStore(new TransactionTemplate(new JdbcTransactionManager(dataSource)), dataSource,
        partitions, new StoreMeters(METERS, Clock.systemUTC()), 2);
  }

  List<Outcome> apply(LogEntry... entries) {
    return store.apply(List.of(entries)).stream().map(Settled::outcome).toList();
  }

  List<Map<String, @Nullable Object>> events() {
    return jdbc.sql("SELECT *, xmin::text FROM events WHERE agent_id = :id ORDER BY created_offset")
        .param("id", spirit.value()).query().listOfRows();
  }

  List<Map<String, @Nullable Object>> deadLetters() {
    return jdbc.sql("SELECT * FROM dead_letters WHERE log_partition = :partition ORDER BY first_offset")
        .param("partition", log.partition()).query().listOfRows();
  }
}
