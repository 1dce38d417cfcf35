package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of records that did not become a row. Every call is one statement and joins the caller's transaction. */
final class DeadLetters {
  /** What stands for a record, and why it was rejected. */
  record Covering(RejectionReason reason, String detail) {}

  /** One row: the same rejection, all its records of a batch. */
  private record Row(Rejection first, UUID digest, long lastOffset, long occurrences) {
    private static Row of(Rejection rejection) {
      return new Row(rejection, RecordDigest.of(rejection.entry(), rejection.reason()), rejection.lastOffset(),
          rejection.occurrences());
    }

    private Row and(Row later) {
      return new Row(first, digest, later.lastOffset, occurrences + later.occurrences);
    }
  }

  /** A record whose letters are looked for: as a conflict, or as any other rejection. */
  private record Sought(LogEntry entry, UUID digest, boolean conflict) {
    private static Stream<Sought> of(LogEntry entry) {
      return Stream.of(new Sought(entry, RecordDigest.of(entry, RejectionReason.CONFLICT), true),
          new Sought(entry, RecordDigest.of(entry, RejectionReason.MALFORMED), false));
    }
  }

  private static final Comparator<Rejection> BY_POSITION = Comparator
      .comparingInt((Rejection rejection) -> rejection.entry().partition())
      .thenComparing(rejection -> rejection.entry().position().offset());

  private record Key(int partition, UUID digest, RejectionReason reason, long episode) {}

  private final JdbcClient jdbc;

  DeadLetters(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The dead letters of those of these records that have one, by where the record stands. */
  Map<Position, Covering> covering(Collection<LogEntry> entries) {
    Map<Position, Covering> letters = new HashMap<>();
    List<Sought> sought = entries.stream().flatMap(Sought::of).toList();
    jdbc.sql("""
        SELECT log_partition, log_offset, reason, detail
        FROM dead_letters
        JOIN unnest(:partitions::integer[], :digests::uuid[], :offsets::bigint[], :conflicts::boolean[])
          AS batch (partition, digest, log_offset, conflict)
          ON log_partition = batch.partition AND record_digest = batch.digest
            AND (reason = 'conflict') = batch.conflict AND log_offset BETWEEN first_offset AND last_offset
        ORDER BY dead_letters.id DESC
        """).param("partitions", column(sought, each -> each.entry().partition()))
        .param("digests", column(sought, Sought::digest))
        .param("offsets", column(sought, each -> each.entry().position().offset()))
        .param("conflicts", column(sought, Sought::conflict)).query(row -> {
          letters.put(new Position(row.getInt("log_partition"), row.getLong("log_offset")),
              new Covering(reason(row), row.getString("detail")));
        });
    return letters;
  }

  /**
   * The same for records that are copies of those that the store has read from another topic: they stand elsewhere there. What is
   * a rejection only where it stands, as an amendment, is not found.
   */
  Map<Position, Covering> coveringCopies(Collection<LogEntry> entries) {
    Map<Position, Covering> letters = new HashMap<>();
    List<Sought> sought = entries.stream().flatMap(Sought::of).toList();
    jdbc.sql("""
        SELECT batch.partition AS log_partition, log_offset, reason, detail
        FROM log_partitions
        CROSS JOIN unnest(:partitions::integer[], :digests::uuid[], :offsets::bigint[], :conflicts::boolean[])
          AS batch (partition, digest, log_offset, conflict)
        JOIN dead_letters ON log_partition = log_partitions.id AND record_digest = batch.digest
          AND (reason = 'conflict') = batch.conflict
        ORDER BY dead_letters.id DESC
        """).param("partitions", column(sought, each -> each.entry().partition()))
        .param("digests", column(sought, Sought::digest))
        .param("offsets", column(sought, each -> each.entry().position().offset()))
        .param("conflicts", column(sought, Sought::conflict)).query(row -> {
          letters.put(new Position(row.getInt("log_partition"), row.getLong("log_offset")),
              new Covering(reason(row), row.getString("detail")));
        });
    return letters;
  }

  private static RejectionReason reason(ResultSet row) throws SQLException {
    String name = row.getString("reason");
    RejectionReason reason = RejectionReason.ofWireName(name);
    if (reason == null) {
      throw new SQLException("dead_letters has a reason that this version does not know: " + name);
    }
    return reason;
  }

  /** Adds them; the same rejection again only counts, and whatever was decided about it is to be decided again. */
  void add(List<Rejection> rejections) {
    Map<Key, Row> merged = new LinkedHashMap<>();
    for (Rejection rejection : rejections) {
      Row row = Row.of(rejection);
      merged.merge(new Key(rejection.entry().partition(), row.digest(), rejection.reason(), rejection.episode()), row,
          Row::and);
    }
    Collection<Row> rows = merged.values();
    jdbc.sql("""
        INSERT INTO dead_letters AS letter (log_partition, first_offset, last_offset, occurrences, reason, episode, detail,
          agent_id, subject_id, waiting, record_digest, record_timestamp, record_key, record_headers, record_value)
        SELECT * FROM unnest(:partitions::integer[], :firstOffsets::bigint[], :lastOffsets::bigint[],
          :occurrences::bigint[], :reasons::text[], :episodes::bigint[], :details::text[], :agents::uuid[], :subjects::uuid[],
          :waiting::boolean[], :digests::uuid[], :timestamps::timestamptz[], :keys::bytea[], :headers::json[],
          :values::bytea[])
        ON CONFLICT (log_partition, record_digest, reason, episode) DO UPDATE
          SET first_offset = least(letter.first_offset, excluded.first_offset),
            last_offset = greatest(letter.last_offset, excluded.last_offset),
            occurrences = letter.occurrences + excluded.occurrences,
            waiting = letter.waiting OR excluded.waiting,
            state = 'open', decided_at = NULL, decided_by = NULL, note = NULL,
            last_redrive = CASE WHEN letter.state = 'redriven' THEN NULL ELSE letter.last_redrive END
        """).param("partitions", column(rows, row -> row.first().entry().partition()))
        .param("firstOffsets", column(rows, row -> row.first().entry().position().offset()))
        .param("lastOffsets", column(rows, Row::lastOffset)).param("occurrences", column(rows, Row::occurrences))
        .param("reasons", column(rows, row -> row.first().reason().wireName()))
        .param("episodes", column(rows, row -> row.first().episode()))
        .param("details", column(rows, row -> Sql.printable(row.first().detail())))
        .param("agents", column(rows, row -> spirit(row.first().entry())))
        .param("subjects", column(rows, row -> Outcomes.subject(row.first().entry())))
        .param("waiting", column(rows, row -> row.first().waiting())).param("digests", column(rows, Row::digest))
        .param("timestamps", column(rows, row -> row.first().entry().record().timestamp()))
        .param("keys", column(rows, row -> bytea(row.first().entry().record().key())))
        .param("headers", column(rows, row -> HeadersJson.of(row.first().entry().record().headers())))
        .param("values", column(rows, row -> bytea(row.first().entry().record().value()))).update();
  }

  private static @Nullable SpiritId spirit(LogEntry entry) {
    return entry.content() instanceof DecodedChange.Readable(Change change) ? change.spiritId() : null;
  }

  /** PostgreSQL's hex form (manual, section 8.4.1). */
  private static @Nullable String bytea(byte @Nullable [] bytes) {
    return bytes == null ? null : "\\x" + HexFormat.of().formatHex(bytes);
  }

  /** Which of these spirits have records waiting for them. */
  Set<SpiritId> awaited(Collection<SpiritId> spirits) {
    return jdbc.sql("SELECT DISTINCT agent_id FROM dead_letters WHERE waiting AND agent_id = ANY (:ids::uuid[])")
        .param("ids", column(spirits, id -> id)).query((row, _) -> new SpiritId(Sql.uuid(row, "agent_id"))).set();
  }

  /** Takes the next records that wait for a spirit, in the order of the log, out of the table. */
  List<Rejection> takeWaiting(SpiritId spirit, Position after, int limit) {
    return jdbc.sql("""
        WITH taken AS (
          DELETE FROM dead_letters WHERE id IN (
            SELECT id FROM dead_letters
            WHERE waiting AND agent_id = :spirit AND (log_partition, first_offset) > (:partition, :offset)
            ORDER BY log_partition, first_offset LIMIT :limit)
          RETURNING *)
        SELECT taken.*, log_partitions.topic, log_partitions.partition
        FROM taken JOIN log_partitions ON log_partitions.id = taken.log_partition
        """).param("spirit", spirit.value()).param("partition", after.partition()).param("offset", after.offset())
        .param("limit", limit).query(DeadLetters::waiting).list().stream().sorted(BY_POSITION).toList();
  }

  private static Rejection waiting(ResultSet row, int number) throws SQLException {
    ReceivedRecord record = StoredRows.rejected(row);
    LogEntry entry = LogEntry.of(row.getInt("log_partition"), record);
    return new Rejection(entry, row.getLong("last_offset"), row.getLong("occurrences"), reason(row),
        row.getString("detail"), true, 0);
  }
}
