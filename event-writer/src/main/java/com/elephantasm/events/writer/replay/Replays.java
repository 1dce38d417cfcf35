package com.elephantasm.events.writer.replay;

import com.elephantasm.events.writer.store.Fate;
import com.elephantasm.events.writer.store.Tally;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables of replays. Every call is a transaction of its own, but for {@link #save}. */
final class Replays {
  /** Of advisory locks that take two keys: who gives replays their turn does so alone. */
  private static final int TURNS = 0x7A12;

  /** What somebody wants of a replay, beside that it goes on. */
  record Control(@Nullable ReplayState wanted, @Nullable Long throttle) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private @Nullable String schema;

  Replays(JdbcClient jdbc, TransactionTemplate transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /** The schema of the live store, in which these tables are. */
  private synchronized String schema() {
    if (schema == null) {
      schema = jdbc.sql("SELECT quote_ident(current_schema())").query(String.class).single();
    }
    return schema;
  }

  /** @param runner who alone may run it for as long as a lease lasts; null is whoever comes first */
  void add(UUID id, ReplayRequest request, List<LogStretch> stretches, @Nullable String by, @Nullable UUID runner,
      Duration lease) {
    transactions.executeWithoutResult(_ -> {
      jdbc.sql("""
          INSERT INTO replays (id, mode, state, request, agent_id, throttle, requested_at, requested_by, runner, leased_until)
          VALUES (:id, :mode, 'pending', :request::json, :agent::uuid, :throttle, now(), :by, :runner::uuid,
            CASE WHEN :runner::uuid IS NOT NULL THEN now() + make_interval(secs => :lease) END)
          """).param("id", id).param("mode", request.mode().wireName())
          .param("request", ReplayRequests.write(request).toString())
          .param("agent", request.agentId() == null ? null : request.agentId().value())
          .param("throttle", request.throttle()).param("by", by).param("runner", runner)
          .param("lease", lease.toMillis() / 1000.0).update();
      for (LogStretch stretch : stretches) {
        jdbc.sql("""
            INSERT INTO replay_partitions (replay, partition, topic_id, start_offset, end_offset, next_offset)
            VALUES (:replay, :partition, :topicId, :start, :end, :start)
            """).param("replay", id).param("partition", stretch.partition()).param("topicId", stretch.topicId())
            .param("start", stretch.start()).param("end", stretch.end()).update();
      }
    });
  }

  Optional<Replay> find(UUID id) {
    return jdbc.sql("SELECT * FROM replays WHERE id = :id").param("id", id)
        .query((row, _) -> replay(row)).optional();
  }

  /** The newest first. */
  List<Replay> list(@Nullable ReplayState state, @Nullable UUID before, UUID @Nullable [] visible, int limit) {
    return jdbc.sql("SELECT * FROM replays WHERE true\n" + (state == null ? "" : "AND state = :state\n")
        + (before == null ? "" : "AND id < :before\n") + (visible == null ? "" : "AND agent_id = ANY (:visible)\n")
        + "ORDER BY id DESC LIMIT :limit").param("state", state == null ? null : state.wireName())
        .param("before", before).param("visible", visible).param("limit", limit).query((row, _) -> replay(row))
        .list();
  }

  private Replay replay(ResultSet row) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    ReplayRequest request = ReplayRequests.read(row.getString("request").getBytes(StandardCharsets.UTF_8), "");
    long[] counts = new long[Fate.values().length];
    List<Replay.PartitionProgress> partitions = jdbc
        .sql("SELECT * FROM replay_partitions WHERE replay = :id ORDER BY partition").param("id", id)
        .query((partition, _) -> {
          for (Fate fate : Fate.values()) {
            counts[fate.ordinal()] += partition.getLong(column(fate));
          }
          return new Replay.PartitionProgress(partition.getInt("partition"), partition.getLong("start_offset"),
              partition.getLong("end_offset"), partition.getLong("next_offset"), partition.getLong("read"));
        }).list();
    ReplayState state = ReplayState.of(row.getString("state"));
    Long throttle = row.getObject("throttle", Long.class);
    return new Replay(id, request.mode(), state, request, throttle,
        state == ReplayState.RUNNING ? row.getString("phase") : null, row.getString("detail"),
        state == ReplayState.RUNNING ? row.getObject("rate", Double.class) : null, partitions,
        new Replay.Counts(counts[Fate.STORED.ordinal()], counts[Fate.DUPLICATE.ordinal()],
            counts[Fate.AMENDED.ordinal()], counts[Fate.SKIPPED.ordinal()], counts[Fate.REJECTED.ordinal()]),
        new ReplayRun.Drift(row.getLong("missing"), row.getLong("differing"), row.getLong("unexpected")),
        row.getString("result"), row.getObject("requested_at", OffsetDateTime.class).toInstant(),
        row.getString("requested_by"), instant(row, "started_at"), instant(row, "ended_at"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static String column(Fate fate) {
    return switch (fate) {
      case STORED -> "stored";
      case DUPLICATE -> "duplicate";
      case AMENDED -> "amended";
      case SKIPPED -> "skipped";
      case REJECTED -> "rejected";
    };
  }

  /** What it reads and where it stands; the topic's name is that of the request. */
  List<LogStretch> stretches(Replay replay, LogPartitionIds ids) {
    return jdbc.sql("SELECT * FROM replay_partitions WHERE replay = :id ORDER BY partition").param("id", replay.id())
        .query((row, _) -> {
          UUID topicId = row.getObject("topic_id", UUID.class);
          int partition = row.getInt("partition");
          return new LogStretch(topicId, replay.request().topic(), partition, ids.of(topicId, partition),
              row.getLong("start_offset"), row.getLong("end_offset"), row.getLong("next_offset"));
        }).list();
  }

  /** The numbers by which rows refer to partitions. */
  interface LogPartitionIds {
    int of(UUID topicId, int partition);
  }

  /**
   * Takes the next replay whose turn it is, or one whose process has ended.
   *
   * @param only this one; null is any that nobody has reserved
   */
  Optional<UUID> claim(UUID runner, @Nullable UUID only, int atOnce, Duration lease) {
    return Optional.ofNullable(transactions.execute(_ -> {
      jdbc.sql("SELECT count(pg_advisory_xact_lock(:turns, 0))").param("turns", TURNS).query(Long.class).single();
      return jdbc.sql("""
          UPDATE replays SET state = 'running', runner = :runner, leased_until = now() + make_interval(secs => :lease),
            started_at = coalesce(started_at, now()), phase = NULL, rate = NULL, wanted = NULL
          WHERE id = (
              SELECT id FROM replays
              WHERE (state = 'pending' AND (runner IS NULL OR runner = :runner OR leased_until < now())
                  OR state = 'running' AND leased_until < now())
                AND (:only::uuid IS NULL OR id = :only::uuid)
              ORDER BY id LIMIT 1)
            AND (SELECT count(*) FROM replays WHERE state = 'running' AND leased_until >= now()) < :atOnce
          RETURNING id
          """).param("runner", runner).param("only", only).param("atOnce", atOnce)
          .param("lease", lease.toMillis() / 1000.0).query(UUID.class).optional().orElse(null);
    }));
  }

  /**
   * Gives a sign of life.
   *
   * @return what is wanted of it; empty where another process runs it by now
   */
  Optional<Control> renew(UUID id, UUID runner, Duration lease, @Nullable Double rate) {
    return jdbc.sql("""
        UPDATE replays SET leased_until = now() + make_interval(secs => :lease), rate = :rate
        WHERE id = :id AND runner = :runner AND state IN ('running', 'pending')
        RETURNING wanted, throttle
        """).param("id", id).param("runner", runner).param("lease", lease.toMillis() / 1000.0).param("rate", rate)
        .query((row, _) -> {
          String wanted = row.getString("wanted");
          return new Control(wanted == null ? null : ReplayState.of(wanted), row.getObject("throttle", Long.class));
        }).optional();
  }

  /**
   * How far one is.
   *
   * @param read how many records were read
   * @param remaining how many offsets are left
   */
  record Progress(long read, long remaining) {
    static final Progress NONE = new Progress(0, 0);
  }

  Progress progress(UUID id) {
    return jdbc.sql("""
        SELECT coalesce(sum(read), 0) AS read, coalesce(sum(end_offset - next_offset), 0) AS remaining
        FROM replay_partitions WHERE replay = :id
        """).param("id", id).query((row, _) -> new Progress(row.getLong("read"), row.getLong("remaining"))).single();
  }

  /**
   * Joins the caller's transaction, on whichever connection of the database.
   *
   * @return false where somebody else has gone on from there
   */
  boolean save(UUID id, ReplayBatch batch, Tally tally, JdbcClient inTransaction) {
    return inTransaction.sql("""
        UPDATE %s.replay_partitions SET next_offset = :next, read = read + :read, stored = stored + :stored,
          duplicate = duplicate + :duplicate, amended = amended + :amended, skipped = skipped + :skipped,
          rejected = rejected + :rejected
        WHERE replay = :id AND partition = :partition AND next_offset = :from
        """.formatted(schema())).param("id", id).param("partition", batch.stretch().partition())
        .param("from", batch.from()).param("next", batch.next()).param("read", batch.read())
        .param("stored", tally.of(Fate.STORED)).param("duplicate", tally.of(Fate.DUPLICATE))
        .param("amended", tally.of(Fate.AMENDED)).param("skipped", tally.of(Fate.SKIPPED))
        .param("rejected", tally.of(Fate.REJECTED)).update() == 1;
  }

  void beginAnew(UUID id) {
    transactions.executeWithoutResult(_ -> {
      jdbc.sql("""
          UPDATE replay_partitions SET next_offset = start_offset, read = 0, stored = 0, duplicate = 0, amended = 0,
            skipped = 0, rejected = 0
          WHERE replay = :id
          """).param("id", id).update();
      drift(id, new ReplayRun.Drift(0, 0, 0));
    });
  }

  void phase(UUID id, String phase) {
    jdbc.sql("UPDATE replays SET phase = :phase WHERE id = :id").param("phase", phase).param("id", id).update();
  }

  void drift(UUID id, ReplayRun.Drift drift) {
    jdbc.sql("UPDATE replays SET missing = :missing, differing = :differing, unexpected = :unexpected WHERE id = :id")
        .param("missing", drift.missing()).param("differing", drift.differing())
        .param("unexpected", drift.unexpected()).param("id", id).update();
  }

  void result(UUID id, String json) {
    jdbc.sql("UPDATE replays SET result = :result::json WHERE id = :id").param("result", json).param("id", id)
        .update();
  }

  /** Ends a run of this process: in whichever state, it is nobody's from now on. */
  void end(UUID id, UUID runner, ReplayState state, @Nullable String detail) {
    jdbc.sql("""
        UPDATE replays SET state = :state, runner = NULL, leased_until = NULL, wanted = NULL, rate = NULL,
          phase = CASE WHEN :state = 'pending' THEN phase END, detail = coalesce(:detail::text, detail),
          ended_at = CASE WHEN :state IN ('completed', 'failed', 'cancelled') THEN now() END
        WHERE id = :id AND runner = :runner
        """).param("state", state.wireName()).param("detail", detail).param("id", id).param("runner", runner).update();
  }

  /** Asks whoever runs it to stop. False where nobody does. */
  boolean want(UUID id, ReplayState wanted) {
    return jdbc.sql("""
        UPDATE replays SET wanted = :wanted WHERE id = :id AND state = 'running' AND leased_until >= now()
        """).param("wanted", wanted.wireName()).param("id", id).update() == 1;
  }

  /** Changes the state of one that nobody runs. */
  boolean move(UUID id, List<ReplayState> from, ReplayState to) {
    return jdbc.sql("""
        UPDATE replays SET state = :to, wanted = NULL, runner = NULL, leased_until = NULL, rate = NULL,
          ended_at = CASE WHEN :to = 'cancelled' THEN now() END
        WHERE id = :id AND state = ANY (:from) AND (state <> 'running' OR leased_until < now())
        """).param("to", to.wireName()).param("from", from.stream().map(ReplayState::wireName).toArray(String[]::new))
        .param("id", id).update() == 1;
  }

  /** Keeps a paused or pending replay for this runner. */
  boolean reserve(UUID id, UUID runner, Duration lease) {
    return jdbc.sql("""
        UPDATE replays SET state = 'pending', runner = :runner, leased_until = now() + make_interval(secs => :lease)
        WHERE id = :id AND (state IN ('paused', 'pending') OR state = 'running' AND leased_until < now())
        """).param("runner", runner).param("lease", lease.toMillis() / 1000.0).param("id", id).update() == 1;
  }

  boolean throttle(UUID id, @Nullable Long throttle) {
    return jdbc.sql("""
        UPDATE replays SET throttle = :throttle WHERE id = :id AND state IN ('pending', 'running', 'paused')
        """).param("throttle", throttle).param("id", id).update() == 1;
  }
}
