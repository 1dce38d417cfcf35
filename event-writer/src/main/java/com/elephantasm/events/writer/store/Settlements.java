package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.Redrive;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes down what came of redrives, in the transaction that applies their records. Who asked for a redrive can go away, or be
 * another process, or of another store that has been fed from the same log: nothing but the record is needed.
 */
final class Settlements {
  private record Row(Redrive redrive, LogEntry entry, Outcome outcome) {
    private String state() {
      return switch (outcome) {
        case Outcome.EventStored _,Outcome.SpiritStored _ -> "stored";
        case Outcome.EventDuplicate _ -> "duplicate";
        case Outcome.EventAmended _,Outcome.SpiritAmended _ -> "amended";
        case Outcome.Rejected _ -> "rejected";
      };
    }

    private @Nullable String reason() {
      return outcome instanceof Outcome.Rejected rejected ? rejected.reason().wireName() : null;
    }

    private @Nullable String detail() {
      return outcome instanceof Outcome.Rejected rejected ? Sql.printable(rejected.detail()) : null;
    }

    private RecordPosition origin() {
      return redrive.origin();
    }
  }

  private final JdbcClient jdbc;

  Settlements(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What is known already stays: a record that comes again says nothing new. */
  void save(List<Settled> settled) {
    Map<UUID, Row> byId = new LinkedHashMap<>();
    for (Settled one : settled) {
      Redrive redrive = one.entry().record().redrive();
      if (redrive != null) {
        // Nobody but a stranger gives two records one id.
        byId.putIfAbsent(redrive.id(), new Row(redrive, one.entry(), one.outcome()));
      }
    }
    if (!byId.isEmpty()) {
      save(byId.values());
    }
  }

  private void save(Collection<Row> rows) {
    jdbc.sql("""
        WITH settled AS (
          SELECT settled.*, own.topic_id
          FROM unnest(:ids::uuid[], :states::text[], :reasons::text[], :details::text[], :partitions::integer[],
            :offsets::bigint[], :originPartitions::integer[], :originOffsets::bigint[])
            AS settled (id, state, reason, detail, log_partition, log_offset, origin_partition, origin_offset)
          JOIN log_partitions AS own ON own.id = settled.log_partition),
        known AS (
          UPDATE redrives SET state = settled.state, reason = settled.reason, detail = settled.detail, settled_at = now(),
            log_partition = settled.log_partition, log_offset = settled.log_offset
          FROM settled
          WHERE redrives.id = settled.id AND redrives.state IN ('pending', 'unpublished')
          RETURNING redrives.id, redrives.dead_letter, redrives.requested_by, redrives.state),
        -- Asked for in another store, that of which this one is a copy made from the log.
        copied AS (
          INSERT INTO redrives (id, dead_letter, agent_id, requested_at, edited, state, reason, detail, settled_at,
            log_partition, log_offset)
          SELECT settled.id, letter.id, letter.agent_id, coalesce(uuid_extract_timestamp(settled.id), now()), false,
            settled.state, settled.reason, settled.detail, now(), settled.log_partition, settled.log_offset
          FROM settled
          JOIN log_partitions AS origin ON origin.topic_id = settled.topic_id
            AND origin.partition = settled.origin_partition
          JOIN dead_letters AS letter ON letter.state = 'open' AND letter.log_partition = origin.id
            AND letter.first_offset = settled.origin_offset
          ON CONFLICT (id) DO NOTHING
          RETURNING id, dead_letter, requested_by, state)
        UPDATE dead_letters SET last_redrive = redrive.id,
          state = CASE WHEN redrive.state = 'rejected' THEN dead_letters.state ELSE 'redriven' END,
          waiting = waiting AND redrive.state = 'rejected',
          decided_at = CASE WHEN redrive.state = 'rejected' THEN decided_at ELSE now() END,
          decided_by = CASE WHEN redrive.state = 'rejected' THEN decided_by ELSE redrive.requested_by END
        FROM (SELECT * FROM known UNION ALL SELECT * FROM copied) AS redrive
        WHERE dead_letters.id = redrive.dead_letter
        """).param("ids", column(rows, row -> row.redrive().id())).param("states", column(rows, Row::state))
        .param("reasons", column(rows, Row::reason)).param("details", column(rows, Row::detail))
        .param("partitions", column(rows, row -> row.entry().partition()))
        .param("offsets", column(rows, row -> row.entry().position().offset()))
        .param("originPartitions", column(rows, row -> row.origin().partition()))
        .param("originOffsets", column(rows, row -> row.origin().offset())).update();
    List<Row> rejected = rows.stream().filter(row -> row.outcome() instanceof Outcome.Rejected).toList();
    if (!rejected.isEmpty()) {
      markOwnLetters(rejected);
    }
  }

  /** A record that was redriven and has become a letter of its own is one whose last redrive has failed. */
  private void markOwnLetters(List<Row> rejected) {
    jdbc.sql("""
        UPDATE dead_letters SET last_redrive = settled.id
        FROM unnest(:ids::uuid[], :partitions::integer[], :offsets::bigint[]) AS settled (id, log_partition, log_offset)
        WHERE dead_letters.state = 'open' AND dead_letters.log_partition = settled.log_partition
          AND dead_letters.first_offset = settled.log_offset AND last_redrive IS NULL
        """).param("ids", column(rejected, row -> row.redrive().id()))
        .param("partitions", column(rejected, row -> row.entry().partition()))
        .param("offsets", column(rejected, row -> row.entry().position().offset())).update();
  }
}
