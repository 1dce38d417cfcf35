package com.elephantasm.events.writer.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How the writer's own statements find their rows in tables that are large. */
class StorePlansTest extends StoreTest {
  private static final int ROWS = 50_000;
  private static final int BATCH = 20;
  private static final UUID TOPIC = UUID.randomUUID();
  private static final DataSource LARGE = migrated("plans");
  private static final JdbcClient JDBC = JdbcClient.create(LARGE);
  private static final IndexUse USE = new IndexUse(LARGE);

  private final TestLog log = new TestLog(new LogPartitions(JDBC));
  private final DeadLetters letters = new DeadLetters(JDBC);

  @BeforeAll
  static void fill() {
    LogPartitions partitions = new LogPartitions(JDBC);
    IntStream.range(0, 12).forEach(partition -> partitions.idOf(TOPIC, "plans", partition));
    for (String rows : List.of("""
        INSERT INTO spirits (id, name, metadata, created_at, updated_at, is_deleted, created_partition, created_offset,
          changed_partition, changed_offset)
        SELECT gen_random_uuid(), 'n', '{}', now() - n * interval '1 second', now(), false, 1, n, 1, n
        """, """
        INSERT INTO events (id, agent_id, event_type, content, occurred_at, metadata, created_at, updated_at, is_deleted,
          payload_digest, created_partition, created_offset, changed_partition, changed_offset)
        SELECT gen_random_uuid(), gen_random_uuid(), 'system', repeat('n', 200), now(), '{}', now(), now(), false,
          gen_random_uuid(), 1, n, 1, n
        """, """
        INSERT INTO dead_letters (log_partition, first_offset, last_offset, reason, episode, detail, agent_id, subject_id,
          waiting, record_digest, record_timestamp, record_headers)
        SELECT 1 + n % 12, n, n, 'unknown-spirit', 0, '', gen_random_uuid(), gen_random_uuid(), n % 10 = 0,
          gen_random_uuid(), now(), '[]'
        """, """
        INSERT INTO redrives (id, dead_letter, requested_at, edited, state)
        SELECT gen_random_uuid(), n, now(), false, CASE n % 100 WHEN 0 THEN 'pending' ELSE 'stored' END
        """)) {
      JDBC.sql(rows + " FROM generate_series(1, %d) n".formatted(ROWS)).update();
    }
    JDBC.sql("ANALYZE").update();
  }

  private static List<UUID> some(String column, String rows) {
    return JDBC.sql("SELECT %s FROM %s ORDER BY id LIMIT %d".formatted(column, rows, BATCH))
        .query((row, _) -> Sql.uuid(row, column)).list();
  }

  @Test
  void events_are_compared_and_changed_by_their_ids() {
    EventRows events = new EventRows(JDBC);
    List<EventId> ids = some("id", "events").stream().map(EventId::new).toList();
    assertThat(USE.of("events", () -> assertThat(events.find(ids)).hasSize(BATCH))).containsExactly("events_pkey");
    assertThat(USE.of("events", () -> events.update(events.lock(ids)))).containsExactly("events_pkey");
    assertThat(USE.of("events", () -> assertThat(events.read(ids)).hasSize(BATCH))).containsExactly("events_pkey");
  }

  @Test
  void spirits_are_found_and_changed_by_their_ids() {
    SpiritRows spirits = new SpiritRows(JDBC);
    List<SpiritId> ids = some("id", "spirits").stream().map(SpiritId::new).toList();
    assertThat(USE.of("spirits", () -> assertThat(spirits.find(ids)).hasSize(BATCH))).containsExactly("spirits_pkey");
    assertThat(USE.of("spirits", () -> spirits.save(spirits.lock(ids)))).containsExactly("spirits_pkey");
  }

  @Test
  void whether_a_record_was_rejected_is_found_by_what_it_says() {
    List<LogEntry> batch = entries();
    letters.add(batch.stream().map(entry -> Rejection.of(entry, RejectionReason.MALFORMED, "")).toList());
    assertThat(USE.of("dead_letters", () -> assertThat(letters.covering(batch)).hasSize(BATCH)))
        .containsExactly("dead_letters_log_partition_record_digest_reason_episode_key");
    assertThat(USE.of("dead_letters", () -> assertThat(letters.coveringCopies(batch)).hasSize(BATCH)))
        .containsExactly("dead_letters_log_partition_record_digest_reason_episode_key");
  }

  private List<LogEntry> entries() {
    return IntStream.range(0, BATCH).mapToObj(number -> log.appendPlain("{" + number)).toList();
  }

  @Test
  void what_waits_for_a_spirit_is_found_by_it() {
    List<SpiritId> awaited = some("agent_id", "dead_letters WHERE waiting").stream().map(SpiritId::new).toList();
    assertThat(USE.of("dead_letters", () -> assertThat(letters.awaited(awaited)).hasSize(BATCH)))
        .containsExactly("dead_letters_waiting");
    assertThat(USE.of("dead_letters",
        () -> assertThat(letters.takeWaiting(awaited.getFirst(), Position.BEFORE_ALL, BATCH)).hasSize(1)))
        .containsExactly("dead_letters_pkey", "dead_letters_waiting");
  }

  /** By its id, or, where it was asked for in another store, by the letter that stands where the record stood first. */
  @Test
  void what_came_of_a_redrive_is_written_down_without_a_search() {
    Settlements settlements = new Settlements(JDBC);
    List<LogEntry> rejected = entries();
    letters.add(rejected.stream().map(entry -> Rejection.of(entry, RejectionReason.UNKNOWN_SPIRIT, "")).toList());
    List<Settled> settled = rejected.stream().map(entry -> log.redrive(entry, TimeOrderedId.at(Instant.now())))
        .map(entry -> new Settled(entry, Outcomes.rejected(entry, RejectionReason.UNKNOWN_SPIRIT, ""))).toList();
    assertThat(USE.of("redrives", () -> settlements.save(settled))).containsExactly("redrives_pkey");
    assertThat(USE.of("dead_letters", () -> settlements.save(settled)))
        .containsExactly("dead_letters_in_log_order", "dead_letters_pkey");
  }

  @Test
  void people_decide_about_letters_by_their_ids() {
    Decisions decisions = new Decisions(new TransactionTemplate(new JdbcTransactionManager(LARGE)), JDBC);
    List<Long> ids = JDBC.sql("SELECT id FROM dead_letters ORDER BY id LIMIT " + BATCH)
        .query((row, _) -> row.getLong(1))
        .list();
    assertThat(USE.of("dead_letters", () -> decisions.discard(ids, "ops", null, Duration.ZERO)))
        .containsExactly("dead_letters_pkey");
    assertThat(USE.of("dead_letters",
        () -> decisions.claim(ids, new Decisions.Terms("ops", null, null, true, true, Duration.ZERO))))
        .containsExactly("dead_letters_pkey");
  }
}
