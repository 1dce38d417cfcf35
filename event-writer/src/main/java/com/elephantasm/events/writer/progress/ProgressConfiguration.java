package com.elephantasm.events.writer.progress;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.WarmUp;
import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.log.ServerHealth;
import com.elephantasm.events.writer.store.Failures;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProgressSettings.class)
class ProgressConfiguration {
  /** It reads a few rows: where that takes longer, the database is in trouble, and those who wait must hear of it. */
  private static final int STATEMENT_TIMEOUT_SECONDS = 2;
  /** A server that has no room for all of them is no reason to wait. */
  private static final Duration LONGEST_FILLING = Duration.ofSeconds(3);
  private static final Duration STEP = Duration.ofMillis(20);

  @Bean
  StoreProgress storeProgress(DataSource dataSource, LogSettings log, ProgressSettings settings) {
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    jdbc.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
    AppliedPositions positions = new AppliedPositions(JdbcClient.create(jdbc), log.topic());
    return new StoreProgress(log.topic(), positions::read, settings.progressInterval());
  }

  @Bean
  StoreProbe storeProbe(DataSource dataSource, LogSettings log) throws SQLException {
    // The pool itself, whoever has wrapped it.
    HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
    Properties properties = new Properties();
    properties.putAll(pool.getDataSourceProperties());
    putIfPresent(properties, "user", pool.getUsername());
    putIfPresent(properties, "password", pool.getPassword());
    return new StoreProbe(pool.getJdbcUrl(), properties, log.topic());
  }

  private static void putIfPresent(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }

  /**
   * The pool fills itself, one after the other with a sleep after each. So it begins now, while the rest of the service is put
   * together.
   */
  @Bean
  WarmUp poolWarmUp(DataSource dataSource, StoreProbe store) throws SQLException {
    HikariDataSource pool = dataSource.unwrap(HikariDataSource.class);
    Thread opening = Thread.ofVirtual().name("open-pool").start(() -> open(pool, store));
    return new WarmUp("pool", () -> {
      long deadline = System.nanoTime() + LONGEST_FILLING.toNanos();
      opening.join(LONGEST_FILLING);
      while (store.isWritable() && isFilling(pool) && System.nanoTime() - deadline < 0) {
        Thread.sleep(STEP);
      }
      return true;
    });
  }

  private static void open(HikariDataSource pool, StoreProbe store) {
    try {
      // While the pool asks a server that hangs for its first connection, everybody else has to wait.
      if (store.isWritable()) {
        pool.getConnection().close();
      }
    } catch (SQLException | DataAccessException _) {
      // Whoever needs a connection is told.
    }
  }

  private static boolean isFilling(HikariDataSource pool) {
    HikariPoolMXBean opened = pool.getHikariPoolMXBean();
    return opened == null || opened.getTotalConnections() < pool.getMinimumIdle();
  }

  /** In place of Boot's own, which waits for as long as the pool and the driver do. */
  @Bean
  @ConditionalOnEnabledHealthIndicator("db")
  HealthIndicator dbHealthIndicator(ServerHealth servers, StoreProbe probe) {
    return servers.of("postgresql", () -> {
      try {
        boolean writable = probe.isWritable();
        return Health.status(writable ? Status.UP : Status.DOWN).withDetail("database", "PostgreSQL")
            .withDetail("writable", writable).build();
      } catch (DataAccessException e) {
        if (Failures.isRefusedLogin(e)) {
          return Health.down().withDetail("error", "authentication failed").build();
        }
        throw e;
      }
    });
  }

  @Bean
  WebMvcConfigurer readYourWrites(StoreProgress progress, Admission admission, LogSettings log, HttpSettings settings) {
    ReadYourWrites reads = new ReadYourWrites(progress, admission, log.topic(), settings);
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(reads).addPathPatterns("/api/v1/**");
      }
    };
  }
}
