package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.writer.replay.LogStretch;
import com.elephantasm.events.writer.replay.ReplayFailedException;
import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.store.SideSchema;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The tables beside the live ones, from when they are made until they are put in their place; and notes about them, so that
 * whoever goes on with a rebuild knows what is done.
 */
final class SideStore {
  private final SideSchema side;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  SideStore(SideSchema side) {
    this.side = side;
    this.jdbc = JdbcClient.create(side.dataSource());
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(side.dataSource()));
  }

  /** Makes the tables ready to be filled from the beginning, unless they are that already. */
  void prepare(ReplayRun run, SideIndexes indexes) {
    transactions.executeWithoutResult(_ -> {
      if (!isPrepared()) {
        jdbc.sql("""
            CREATE TABLE rebuild_notes AS
            SELECT false AS loaded, 0::double precision AS load_seconds, 0::double precision AS index_seconds
            """).update();
        // A worker that is cleaning up holds a lock for minutes, and would do so at the switch.
        tables().forEach(table -> jdbc.sql("ALTER TABLE %s SET (autovacuum_enabled = off)".formatted(table)).update());
        indexes.drop();
        CarriedOver.numberDownwards(jdbc);
        adoptPartitions(run.stretches());
        refuseStrangers(run);
        CarriedOver.discardedLetters(jdbc, side.liveSchema(), side.name());
        run.beginAnew();
      }
    });
  }

  private boolean isPrepared() {
    return jdbc.sql("SELECT to_regclass('rebuild_notes') IS NOT NULL").query(Boolean.class).single();
  }

  private void adoptPartitions(List<LogStretch> stretches) {
    side.adoptPartitions(false);
    stretches.forEach(stretch -> passOver(stretch.logPartition(), stretch.start()));
  }

  /** Says that a partition has nothing more to be applied before an offset. */
  void passOver(int partition, long offset) {
    jdbc.sql("UPDATE log_partitions SET next_offset = greatest(next_offset, :offset) WHERE id = :id")
        .param("offset", offset).param("id", partition).update();
  }

  /** What only another log says would be gone after the switch. */
  private void refuseStrangers(ReplayRun run) {
    List<String> strangers = jdbc.sql("""
        SELECT DISTINCT format('%%s (%%s)', topic, topic_id) FROM %1$s.log_partitions
        WHERE topic_id <> ALL (:topics::uuid[]) AND (next_offset > 0 OR EXISTS (
          SELECT FROM %1$s.events WHERE created_partition = log_partitions.id))
        """.formatted(side.liveSchema())).param("topics", topics(run.stretches())).query((row, _) -> row.getString(1))
        .list();
    if (!strangers.isEmpty() && !run.request().acceptGaps()) {
      throw new ReplayFailedException(
          "the live store has also applied records of %s, which the log does not have: what only they said would be gone. Where that is accepted, say so (accept_gaps)"
              .formatted(String.join(", ", strangers)));
    }
  }

  private static String[] topics(Collection<LogStretch> stretches) {
    Set<UUID> topics = stretches.stream().map(LogStretch::topicId).collect(Collectors.toSet());
    return topics.stream().map(UUID::toString).toArray(String[]::new);
  }

  boolean isLoaded() {
    return jdbc.sql("SELECT loaded FROM rebuild_notes").query(Boolean.class).single();
  }

  void loaded() {
    jdbc.sql("UPDATE rebuild_notes SET loaded = true").update();
  }

  void addLoadSeconds(double seconds) {
    jdbc.sql("UPDATE rebuild_notes SET load_seconds = load_seconds + :seconds").param("seconds", seconds).update();
  }

  void addIndexSeconds(double seconds) {
    jdbc.sql("UPDATE rebuild_notes SET index_seconds = index_seconds + :seconds").param("seconds", seconds).update();
  }

  double loadSeconds() {
    return jdbc.sql("SELECT load_seconds FROM rebuild_notes").query(Double.class).single();
  }

  double indexSeconds() {
    return jdbc.sql("SELECT index_seconds FROM rebuild_notes").query(Double.class).single();
  }

  /** Those that will take the place of the live ones, the large ones first. */
  List<String> tables() {
    return jdbc.sql("""
        SELECT quote_ident(relname) FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
          AND relname NOT IN ('flyway_schema_history', 'rebuild_notes', 'rebuild_indexes')
        ORDER BY relname <> 'events', relname <> 'spirits', relname
        """).query((row, _) -> row.getString(1)).list();
  }

  long count(String table) {
    return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }

  /** @throws ReplayFailedException where there are more or fewer rows than records have made */
  void checkCounts(UUID replay, long events, long spirits) {
    long stored = jdbc.sql("""
        SELECT coalesce(sum(stored), 0)::bigint FROM %s.replay_partitions WHERE replay = :replay
        """.formatted(side.liveSchema())).param("replay", replay).query(Long.class).single();
    if (events + spirits != stored) {
      throw new ReplayFailedException(
          "%d records have made rows of the new store, which has %d events and %d spirits; rebuild again"
              .formatted(stored, events, spirits));
    }
  }

  /** All of the log that was applied, each partition from where it begins. */
  List<LogStretch> applied(List<LogStretch> stretches) {
    return stretches.stream().map(stretch -> stretch.between(stretch.start(), next(stretch.logPartition()))).toList();
  }

  private long next(int partition) {
    return jdbc.sql("SELECT next_offset FROM log_partitions WHERE id = :id").param("id", partition)
        .query(Long.class).single();
  }

  /** What the live store has applied of the log, and this one has not: also in partitions that have come since. */
  List<LogStretch> behind(List<LogStretch> stretches) {
    side.adoptPartitions(false);
    return jdbc.sql("""
        SELECT live.id, live.topic_id, live.topic, live.partition, rebuilt.next_offset AS from, live.next_offset AS to
        FROM %s.log_partitions AS live JOIN log_partitions AS rebuilt ON rebuilt.id = live.id
        WHERE live.topic_id = ANY (:topics::uuid[]) AND live.next_offset > rebuilt.next_offset
        ORDER BY live.id
        """.formatted(side.liveSchema())).param("topics", topics(stretches))
        .query((row, _) -> new LogStretch(row.getObject("topic_id", UUID.class), row.getString("topic"),
            row.getInt("partition"), row.getInt("id"), row.getLong("from"), row.getLong("to"), row.getLong("from")))
        .list();
  }

  /** See {@link CarriedOver}; as far as it can be done before the switch. */
  void carryOver() {
    transactions.executeWithoutResult(_ -> CarriedOver.soFar(jdbc, side.liveSchema(), side.name()));
  }

  /** Whether records that nobody has read yet have dead letters here: those that were discarded in the live store. */
  boolean hasDiscarded() {
    return jdbc.sql("SELECT EXISTS (SELECT FROM dead_letters WHERE state = 'discarded' AND reason = :reason)")
        .param("reason", RejectionReason.UNKNOWN_SPIRIT.wireName()).query(Boolean.class).single();
  }
}
