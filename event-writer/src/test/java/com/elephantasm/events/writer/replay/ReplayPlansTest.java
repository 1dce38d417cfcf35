package com.elephantasm.events.writer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.store.IndexUse;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How the statements about replays find their rows where there have been very many. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReplayPlansTest {
  private static final int REPLAYS = 20_000;
  private static final TestPostgres POSTGRES = TestPostgres.start();
  private static final DataSource DATA_SOURCE = new SimpleDriverDataSource(new Driver(),
      POSTGRES.jdbcUrl(), POSTGRES.username(), POSTGRES.password());
  private static final JdbcClient JDBC = JdbcClient.create(DATA_SOURCE);
  private static final IndexUse USE = new IndexUse(DATA_SOURCE);

  private final Replays replays = new Replays(JDBC, new TransactionTemplate(new JdbcTransactionManager(DATA_SOURCE)));

  @BeforeAll
  static void fill() {
    Flyway.configure().dataSource(DATA_SOURCE).load().migrate();
    JDBC.sql("""
        INSERT INTO replays (id, mode, state, request, requested_at)
        SELECT uuidv7(), 'verify', CASE n %% 5000 WHEN 0 THEN 'pending' ELSE 'completed' END, '{"mode": "verify"}', now()
        FROM generate_series(1, %d) n
        """.formatted(REPLAYS)).update();
    JDBC.sql("""
        INSERT INTO replay_partitions (replay, partition, topic_id, start_offset, end_offset, next_offset)
        SELECT id, partition, gen_random_uuid(), 0, 1, 1 FROM replays CROSS JOIN generate_series(0, 2) AS partition
        """).update();
    JDBC.sql("ANALYZE").update();
  }

  @Test
  void whose_turn_it_is_is_found_by_the_state() {
    assertThat(USE.of("replays",
        () -> assertThat(replays.claim(UUID.randomUUID(), null, 1, Duration.ofMinutes(1))).isPresent()))
        .contains("replays_by_state").doesNotContain("replays");
  }

  @Test
  void those_of_a_state_are_found_by_it_and_all_by_their_ids() {
    Runnable pending = () -> assertThat(replays.list(ReplayState.PENDING, null, null, 50)).hasSize(4);
    assertThat(USE.of("replays", pending)).containsExactly("replays_by_state");
    assertThat(USE.of("replay_partitions", pending)).containsExactly("replay_partitions_pkey");
    Runnable newest = () -> assertThat(replays.list(null, null, null, 50)).hasSize(50);
    assertThat(USE.of("replays", newest)).containsExactly("replays_pkey");
  }
}
