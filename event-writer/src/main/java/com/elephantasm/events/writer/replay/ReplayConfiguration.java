package com.elephantasm.events.writer.replay;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogPartitions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplaySettings.class)
class ReplayConfiguration {
  private static final int STATEMENT_TIMEOUT_SECONDS = 30;

  @Bean
  Replays replays(DataSource dataSource, PlatformTransactionManager transactions) {
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    jdbc.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
    return new Replays(JdbcClient.create(jdbc), new TransactionTemplate(transactions));
  }

  @Bean
  ReplayThreads replayThreads(ReplaySettings settings) {
    return new ReplayThreads(settings.threads());
  }

  @Bean
  LogPlan logPlan(KafkaAdmin admin, LogPartitions partitions, LogSettings log) {
    return new LogPlan(admin.getConfigurationProperties(), partitions, log.topic());
  }

  @Bean
  ReplayWork applyWork(ChangeStore store, LogPartitions partitions, JdbcClient jdbc, LogSettings log,
      ReplaySettings settings) {
    return new ApplyWork(store, partitions, jdbc, log.topic(), settings.threads());
  }

  @Bean
  ReplayWork dryRunWork(DataSource live, LogPartitions partitions, LogSettings log, ReplaySettings settings) {
    return new DryRunWork(live, partitions, log.topic(), settings.threads());
  }

  @Bean
  ReplayRunner replayRunner(Replays replays, LogPlan plan, LogPartitions partitions,
      ConsumerFactory<byte[], byte[]> consumers, List<ReplayWork> works, ReplaySettings settings) {
    return new ReplayRunner(replays, plan, partitions, consumers(consumers, settings), works, settings);
  }

  /** Of no group, and with no other offset in place of one that is gone. */
  private static Supplier<KafkaConsumer<byte[], byte[]>> consumers(ConsumerFactory<byte[], byte[]> configured,
      ReplaySettings settings) {
    Map<String, Object> properties = new HashMap<>(configured.getConfigurationProperties());
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "replay");
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchSize());
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 20_000);
    return () -> new KafkaConsumer<>(properties);
  }

  @Bean
  ReplayDesk replayDesk(Replays replays, LogPlan plan, ReplayRunner runner, ReplaySettings settings, Clock clock) {
    return new ReplayDesk(replays, plan, runner, settings, clock);
  }

  @Bean
  @ConditionalOnWebApplication
  ReplayStreams replayStreams(ReplayDesk desk, Admission admission) {
    return new ReplayStreams(desk, admission);
  }
}
