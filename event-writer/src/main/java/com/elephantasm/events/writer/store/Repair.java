package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts right what a {@link Drift} has found, some rows at once, each only if it is still as it was found. What came of each row is
 * kept beside it in the same transaction, so that a run that is killed goes on, and tells of all.
 */
public final class Repair {
  /** How many rows were put right, and how many were left, as somebody has changed them meanwhile. */
  public record Repaired(long written, long deleted, long left) {}

  private static final int AT_ONCE = 500;

  private final DataSource live;
  private final Expectation expectation;
  private final JdbcClient jdbc;

  /** @param live the store that was compared */
  public Repair(DataSource live, Expectation expectation) {
    this.live = live;
    this.expectation = expectation;
    this.jdbc = expectation.jdbc();
  }

  /** What was put right so far, by this run and by earlier ones. */
  public Repaired repaired() {
    return jdbc.sql("""
        SELECT count(*) FILTER (WHERE outcome = 'written') AS written, count(*) FILTER (WHERE outcome = 'deleted') AS deleted,
          count(*) FILTER (WHERE outcome = 'left') AS left_alone
        FROM drift
        """).query((row, _) -> new Repaired(row.getLong("written"), row.getLong("deleted"), row.getLong("left_alone")))
        .single();
  }

  /**
   * A row that is to be put right; an event must be read again for it.
   *
   * @param isNewer whether changes that were not worked out have made it what it is: these it keeps
   * @param isCopy whether its records came to the store by another topic, where they have other positions: it is left
   */
  public record ToWrite(UUID id, int logPartition, long offset, String kind, @Nullable String rowVersion,
      boolean isNewer, boolean isCopy) {
    static ToWrite of(ResultSet row, int number) throws SQLException {
      return new ToWrite(Sql.uuid(row, "id"), row.getInt("log_partition"), row.getLong("log_offset"),
          row.getString("kind"), row.getString("row_version"), row.getBoolean("is_newer"), row.getBoolean("is_copy"));
    }
  }

  /** The next events that are to be written from their records, in the order of the log. */
  public List<ToWrite> nextToWrite(ToWrite after) {
    return jdbc.sql("""
        SELECT *
        FROM drift
        WHERE entity = 'event' AND kind IN ('missing', 'differing', 'amendment-not-applied') AND outcome IS NULL
          AND (log_partition, log_offset) > (:partition, :offset)
        ORDER BY log_partition, log_offset LIMIT :limit
        """).param("partition", after.logPartition()).param("offset", after.offset()).param("limit", AT_ONCE)
        .query(ToWrite::of)
        .list();
  }

  /** What stands before all that is to be written. */
  public static ToWrite beforeAll() {
    return new ToWrite(new UUID(0, 0), -1, -1, Drift.MISSING, null, false, false);
  }

  /**
   * Deletes rows that no record has made, unless they have changed since they were found.
   *
   * @param checkpoint throws where it is to stop
   */
  public void deleteUnexpected(Runnable checkpoint) {
    for (Drift.Table table : List.of(Drift.Table.EVENTS, Drift.Table.SPIRITS)) {
      List<ToWrite> some;
      do {
        checkpoint.run();
        some = jdbc.sql("""
            SELECT * FROM drift
            WHERE entity = :entity AND kind IN ('unexpected', 'wrong-id') AND outcome IS NULL
            ORDER BY id LIMIT :limit
            """).param("entity", table.entity()).param("limit", AT_ONCE)
            .query(ToWrite::of)
            .list();
        if (!some.isEmpty()) {
          delete(table, some);
        }
      } while (!some.isEmpty());
    }
  }

  private void delete(Drift.Table table, List<ToWrite> rows) {
    write(jdbcOfLive -> {
      Set<UUID> deleted = jdbcOfLive.sql("""
          DELETE FROM %s USING unnest(:ids::uuid[], :versions::text[]) AS drift (id, version)
          WHERE %1$s.id = drift.id AND %1$s.xmin::text = drift.version
          RETURNING drift.id
          """.formatted(table.name())).param("ids", Sql.column(rows, ToWrite::id))
          .param("versions", Sql.column(rows, ToWrite::rowVersion)).query((row, _) -> Sql.uuid(row, "id")).set();
      settle(jdbcOfLive, table, rows, deleted, "deleted");
    });
  }

  /** On the live store's own connections, whose commits are durable. */
  private void write(Consumer<JdbcClient> work) {
    new TransactionTemplate(new JdbcTransactionManager(live))
        .executeWithoutResult(_ -> work.accept(StoreConfiguration.bounded(live)));
  }

  /** @param done which of these rows were put right; the others are left */
  private void settle(JdbcClient live, Drift.Table table, List<ToWrite> rows, Set<UUID> done, String outcome) {
    live.sql("""
        UPDATE "%s".drift SET outcome = CASE WHEN id = ANY (:done::uuid[]) THEN :outcome ELSE 'left' END
        WHERE entity = :entity AND id = ANY (:ids::uuid[])
        """.formatted(expectation.name())).param("entity", table.entity()).param("outcome", outcome)
        .param("done", Sql.column(done, id -> id)).param("ids", Sql.column(rows, ToWrite::id)).update();
  }

  /**
   * Writes spirits as the log has them, unless they have changed since they were found.
   *
   * @param checkpoint throws where it is to stop
   */
  public void writeSpirits(Runnable checkpoint) {
    List<ToWrite> some;
    do {
      checkpoint.run();
      some = jdbc.sql("""
          SELECT * FROM drift
          WHERE entity = 'spirit' AND kind IN ('missing', 'differing', 'amendment-not-applied') AND outcome IS NULL
          ORDER BY id LIMIT :limit
          """).param("limit", AT_ONCE)
          .query(ToWrite::of)
          .list();
      if (!some.isEmpty()) {
        List<ToWrite> rows = some;
        write(jdbcOfLive -> writeSpirits(jdbcOfLive, rows));
      }
    } while (!some.isEmpty());
  }

  private void writeSpirits(JdbcClient live, List<ToWrite> rows) {
    Set<UUID> asFound = asFound(live, Drift.Table.SPIRITS, rows);
    List<SpiritId> ids = asFound.stream().map(SpiritId::new).toList();
    Map<SpiritId, SpiritRow> newer = new SpiritRows(live).find(newer(rows, asFound, SpiritId::new)).stream()
        .collect(Collectors.toMap(row -> row.spirit().id(), row -> row));
    List<SpiritRow> expected = expectation.spirits().find(ids).stream()
        .map(row -> withChangesOf(row, newer.get(row.spirit().id()))).toList();
    live.sql("DELETE FROM spirits WHERE id = ANY (:ids::uuid[])").param("ids", Sql.column(asFound, id -> id)).update();
    if (!expected.isEmpty()) {
      new SpiritRows(live).save(expected);
    }
    settle(live, Drift.Table.SPIRITS, rows,
        expected.stream().map(row -> row.spirit().id().value()).collect(Collectors.toSet()), "written");
  }

  private static SpiritRow withChangesOf(SpiritRow row, @Nullable SpiritRow newer) {
    if (newer == null) {
      return row;
    }
    Spirit now = newer.spirit();
    return new SpiritRow(new Spirit(now.id(), now.name(), now.description(), now.metadata(), row.spirit().createdAt(),
        now.updatedAt(), now.isDeleted()), row.created(), newer.changed());
  }

  /** The live writer has applied to them what was not worked out, and does not apply it again. */
  private static <T> List<T> newer(List<ToWrite> rows, Set<UUID> asFound, Function<UUID, T> id) {
    return rows.stream().filter(row -> row.isNewer() && asFound.contains(row.id())).map(row -> id.apply(row.id()))
        .toList();
  }

  /** Locks them, and returns those that are as they were found. */
  private static Set<UUID> asFound(JdbcClient live, Drift.Table table, List<ToWrite> rows) {
    Map<UUID, String> versions = new HashMap<>();
    live.sql("SELECT id, xmin::text AS version FROM %s WHERE id = ANY (:ids::uuid[]) ORDER BY id FOR UPDATE"
        .formatted(table.name())).param("ids", Sql.column(rows, ToWrite::id)).query(row -> {
          versions.put(Sql.uuid(row, "id"), row.getString("version"));
        });
    return rows.stream().filter(row -> !row.isCopy())
        .filter(row -> Objects.equals(row.rowVersion(), versions.get(row.id()))).map(ToWrite::id)
        .collect(Collectors.toSet());
  }

  /**
   * Writes events as the log has them, from their own records, unless they have changed since they were found. Each is replaced
   * within a transaction, so nobody sees it gone.
   *
   * @param rows what {@link #nextToWrite} has given
   * @param records those that stand where these events were created
   */
  public void writeEvents(List<ToWrite> rows, Collection<LogEntry> records) {
    write(jdbcOfLive -> {
      Set<UUID> asFound = asFound(jdbcOfLive, Drift.Table.EVENTS, rows);
      List<EventRow> whole = new ArrayList<>();
      for (LogEntry entry : records) {
        if (entry.content() instanceof DecodedChange.Readable(Change.EventCreated change)
            && asFound.contains(change.id().value())) {
          whole.add(new EventRow(change.stored(entry.record().timestamp()), change.event().payloadDigest(),
              entry.position()));
        }
      }
      Set<UUID> written = whole.isEmpty()
          ? Set.of()
          : replace(jdbcOfLive, whole, newer(rows, asFound, EventId::new));
      Set<UUID> missing = rows.stream().filter(row -> row.kind().equals(Drift.MISSING)).map(ToWrite::id)
          .collect(Collectors.toSet());
      LateEvents late = new LateEvents(jdbcOfLive, Map.of());
      whole.stream().filter(row -> written.contains(row.event().id().value()))
          .filter(row -> missing.contains(row.event().id().value())).forEach(late::addIfLate);
      settle(jdbcOfLive, Drift.Table.EVENTS, rows, written, "written");
      late.save();
    });
  }

  private Set<UUID> replace(JdbcClient live, List<EventRow> whole, List<EventId> newer) {
    List<EventRow> free = withoutBlocked(live, whole);
    List<EventId> ids = free.stream().map(row -> row.event().id()).toList();
    EventRows events = new EventRows(live);
    Map<EventId, EventState> states = new HashMap<>();
    expectation.events().find(ids).forEach(state -> states.put(state.id(), state));
    events.find(newer).forEach(state -> states.replace(state.id(), state));
    live.sql("DELETE FROM events WHERE id = ANY (:ids::uuid[])").param("ids", Sql.column(ids, id -> id)).update();
    Set<UUID> written = events.insert(free);
    events.update(states.values());
    return written;
  }

  /**
   * A key that another row has wrongly would keep an event out after its own row was deleted. Rows that will be put right give it
   * up now; where any other has it, the event is left as it is.
   */
  private List<EventRow> withoutBlocked(JdbcClient live, List<EventRow> whole) {
    @Nullable
    String[] ids = Sql.column(whole, row -> row.event().id());
    @Nullable
    String[] agents = Sql.column(whole, row -> row.event().agentId());
    @Nullable
    String[] keys = Sql.column(whole, row -> row.event().dedupeKey() == null ? null : row.event().dedupeKey().value());
    live.sql("""
        WITH freed AS (
          UPDATE events SET dedupe_key = NULL
          FROM "%1$s".drift AS drift
          JOIN "%1$s".events AS expected ON expected.id = drift.id
          CROSS JOIN unnest(:agents::uuid[], :keys::text[]) AS wanted (agent_id, key)
          WHERE drift.entity = 'event' AND drift.outcome IS NULL AND NOT drift.is_copy AND drift.id <> ALL (:ids::uuid[])
            AND events.id = drift.id AND events.xmin::text = drift.row_version
            AND events.agent_id = wanted.agent_id AND events.dedupe_key = wanted.key
            AND (expected.agent_id, expected.dedupe_key) IS DISTINCT FROM (events.agent_id, events.dedupe_key)
          RETURNING events.id, events.xmin::text AS version)
        UPDATE "%1$s".drift SET row_version = freed.version FROM freed WHERE entity = 'event' AND drift.id = freed.id
        """.formatted(expectation.name())).param("ids", ids).param("agents", agents).param("keys", keys).update();
    Set<UUID> blocked = live.sql("""
        SELECT wanted.id
        FROM unnest(:ids::uuid[], :agents::uuid[], :keys::text[]) AS wanted (id, agent_id, key)
        JOIN events ON events.agent_id = wanted.agent_id AND events.dedupe_key = wanted.key
        WHERE events.id <> ALL (:ids::uuid[])
        """).param("ids", ids).param("agents", agents).param("keys", keys)
        .query((row, _) -> Sql.uuid(row, "id")).set();
    return whole.stream().filter(row -> !blocked.contains(row.event().id().value())).toList();
  }
}
