package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.Redrive;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.TimeOrderedId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What people decide about dead letters. None is ever taken out: what was rejected has to stay rejected when it is read again.
 * Each call is one transaction.
 */
public final class Decisions {
  private final TransactionTemplate transactions;
  private final JdbcClient jdbc;

  Decisions(TransactionTemplate transactions, JdbcClient jdbc) {
    this.transactions = transactions;
    this.jdbc = jdbc;
  }

  /**
   * How letters are redriven.
   *
   * @param by who asks, where that has a name
   * @param run the request to redrive many that it is part of
   * @param editedFor the spirit that the value is about which stands in for the letter's own, where there is such a value
   * @param includeFailed also those that were redriven before, in vain
   * @param includeDiscarded also those that were discarded, which are open again then
   * @param pendingFor a redrive whose outcome is not known for longer is taken for lost
   */
  public record Terms(@Nullable String by, @Nullable UUID run, @Nullable SpiritId editedFor, boolean includeFailed,
      boolean includeDiscarded, Duration pendingFor) {}

  /** A letter that is being redriven: whoever has claimed it publishes it now. */
  public record Claimed(long letter, Redrive redrive, ReceivedRecord record) {
    public Claimed withValue(byte[] value) {
      return new Claimed(letter, redrive, record.withValue(value));
    }
  }

  /**
   * Claims those of these letters that can be redriven, each for a redrive of its own that is pending from now on. Those that
   * wait for their spirit cannot, unless with another value: they are applied by themselves.
   *
   * @return in the order of the log
   */
  public List<Claimed> claim(Collection<Long> letters, Terms terms) {
    Instant now = Instant.now();
    List<Claimed> claimed = transactions.execute(_ -> {
      // First and by itself, so that the next statement sees what those have done who held them.
      lock(letters);
      return jdbc.sql("""
          WITH claimed AS (
            UPDATE dead_letters SET last_redrive = claim.redrive, state = 'open', decided_at = NULL, decided_by = NULL,
              note = NULL
            FROM unnest(:letters::bigint[], :redrives::uuid[]) AS claim (letter, redrive)
            WHERE dead_letters.id = claim.letter
              AND (state = 'open' OR :includeDiscarded AND state = 'discarded')
              AND (:edited OR NOT waiting)
              AND (last_redrive IS NULL OR :includeFailed)
              AND NOT EXISTS (
                SELECT FROM redrives WHERE redrives.id = last_redrive AND redrives.state = 'pending'
                  AND requested_at > now() - make_interval(secs => :pendingFor))
            RETURNING dead_letters.*, claim.redrive),
          noted AS (
            INSERT INTO redrives (id, dead_letter, agent_id, run, requested_at, requested_by, edited, state)
            SELECT redrive, id, coalesce(:editedFor::uuid, agent_id), :run::uuid, now(), :by::text, :edited, 'pending'
            FROM claimed)
          SELECT claimed.*, topic, partition
          FROM claimed JOIN log_partitions ON log_partitions.id = log_partition
          ORDER BY log_partition, first_offset, claimed.id
          """).param("letters", Sql.column(letters, letter -> letter))
          .param("redrives", Sql.column(letters, _ -> TimeOrderedId.at(now)))
          .param("includeDiscarded", terms.includeDiscarded()).param("edited", terms.editedFor() != null)
          .param("includeFailed", terms.includeFailed()).param("pendingFor", terms.pendingFor().toSeconds())
          .param("editedFor", terms.editedFor() == null ? null : terms.editedFor().value()).param("run", terms.run())
          .param("by", terms.by()).query(Decisions::claimed).list();
    });
    return claimed == null ? List.of() : claimed;
  }

  private void lock(Collection<Long> letters) {
    jdbc.sql("SELECT id FROM dead_letters WHERE id = ANY (:letters::bigint[]) ORDER BY id FOR UPDATE")
        .param("letters", Sql.column(letters, letter -> letter)).query(Long.class).list();
  }

  private static Claimed claimed(ResultSet row, int number) throws SQLException {
    ReceivedRecord record = StoredRows.rejected(row);
    return new Claimed(row.getLong("id"), Redrive.of(record, Sql.uuid(row, "redrive")), record);
  }

  /**
   * Says that a redrive was not published, as far as is known: the letter is as it was. Should the log have the record after
   * all, then whoever applies it says what came of it.
   *
   * @param again whether the letter counts as one that was never redriven: nothing speaks against its being tried once more
   */
  public void unpublished(Claimed claimed, String detail, boolean again) {
    transactions.executeWithoutResult(_ -> {
      jdbc.sql("""
          UPDATE redrives SET state = 'unpublished', detail = :detail, settled_at = now()
          WHERE id = :id AND state = 'pending'
          """).param("detail", Sql.printable(detail)).param("id", claimed.redrive().id()).update();
      if (again) {
        jdbc.sql("""
            UPDATE dead_letters SET last_redrive = NULL
            WHERE id = :letter AND last_redrive = :id AND state = 'open'
            """).param("letter", claimed.letter()).param("id", claimed.redrive().id()).update();
      }
    });
  }

  /**
   * Discards those of these letters that are open and not being redriven: nothing is to be done about them. One that waited for
   * its spirit is not applied when that arrives.
   *
   * @return how many
   */
  public int discard(Collection<Long> letters, @Nullable String by, @Nullable String note, Duration pendingFor) {
    Integer discarded = transactions.execute(_ -> {
      lock(letters);
      return jdbc.sql("""
          UPDATE dead_letters SET state = 'discarded', waiting = false, decided_at = now(), decided_by = :by, note = :note
          WHERE id = ANY (:letters::bigint[]) AND state = 'open' AND NOT EXISTS (
            SELECT FROM redrives WHERE redrives.id = last_redrive AND redrives.state = 'pending'
              AND requested_at > now() - make_interval(secs => :pendingFor))
          """).param("letters", Sql.column(letters, letter -> letter)).param("by", by)
          .param("note", note == null ? null : Sql.printable(note))
          .param("pendingFor", pendingFor.toSeconds()).update();
    });
    return discarded == null ? 0 : discarded;
  }
}
