package com.elephantasm.events.writer.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.http.WarmUp;
import com.elephantasm.events.servers.TestPostgres;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PoolWarmUpTest {
  private final TestPostgres postgres = TestPostgres.start();
  private final HikariDataSource pool = new HikariDataSource();
  private final StoreProbe store;

  PoolWarmUpTest() {
    pool.setJdbcUrl(postgres.jdbcUrl());
    pool.setUsername(postgres.username());
    pool.setPassword(postgres.password());
    pool.setMaximumPoolSize(3);
    Properties properties = new Properties();
    properties.setProperty("user", postgres.username());
    properties.setProperty("password", postgres.password());
    store = new StoreProbe(postgres.jdbcUrl(), properties, "topic");
  }

  @AfterEach
  void close() {
    pool.close();
    store.close();
    postgres.close();
  }

  private WarmUp warmUp() throws SQLException {
    return new ProgressConfiguration().poolWarmUp(pool, store);
  }

  @Test
  void the_pool_fills_itself_before_anybody_asks_for_it() throws Exception {
    WarmUp warmUp = warmUp();
    await().until(() -> pool.getHikariPoolMXBean() != null && pool.getHikariPoolMXBean().getTotalConnections() == 3);
    warmUp.work().call();
  }

  @Test
  void a_pool_whose_server_is_away_is_left_alone() throws Exception {
    postgres.close();
    WarmUp warmUp = warmUp();
    assertThatThrownBy(() -> warmUp.work().call()).isInstanceOf(DataAccessResourceFailureException.class);
    assertThat(pool.getHikariPoolMXBean()).isNull();
  }
}
