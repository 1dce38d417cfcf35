package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.SpiritId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where a store is not what it ought to be: found by one statement for each table, kept beside the {@link Expectation}, and told.
 * {@link Repair} puts it right.
 */
public final class Drift {
  /** Of a row that should be there and is not. */
  public static final String MISSING = "missing";
  /** Of a row that no record has made. */
  public static final String UNEXPECTED = "unexpected";
  /** Of a row that no record has made, where the one that its own record makes, under another id, is missing. */
  public static final String WRONG_ID = "wrong-id";
  /** Of a row that lacks a later change that the log has. */
  public static final String NOT_AMENDED = "amendment-not-applied";
  /** Of a row that is otherwise than its records make it. */
  public static final String DIFFERING = "differing";

  public static final List<String> KINDS = List.of(MISSING, UNEXPECTED, WRONG_ID, NOT_AMENDED, DIFFERING);

  /** What can never change, and what changes make of a row. */
  private static final List<String> FIXED_OF_EVENTS = List.of("agent_id", "event_type", "content", "occurred_at",
      "session_id", "source_uri", "dedupe_key", "payload_digest");
  private static final List<String> CHANGING_OF_EVENTS = List.of("meta_summary", "role", "author", "metadata",
      "importance_score", "is_deleted");
  private static final List<String> CHANGING_OF_SPIRITS = List.of("name", "description", "metadata", "is_deleted");
  /** Where and when the records were written: a copy of them stands elsewhere. */
  private static final List<String> CREATION = List.of("created_at", "created_partition", "created_offset");
  private static final List<String> LAST_CHANGE = List.of("updated_at", "changed_partition", "changed_offset");

  /**
   * A stretch of the log that was worked out.
   *
   * @param logPartition {@code log_partitions.id}
   * @param upto exclusive
   */
  public record Scope(int logPartition, long from, long upto) {}

  /**
   * One difference.
   *
   * @param entity {@code event} or {@code spirit}
   * @param agentId of an event
   * @param logPartition where the record stands that made the row, or should have
   * @param fields of a row that is otherwise, what it should have and has; a content as its hash
   */
  public record Difference(String kind, String entity, UUID id, @Nullable UUID agentId, @Nullable String topic,
      @Nullable Integer partition, int logPartition, long offset, Map<String, Values> fields) {}

  public record Values(@Nullable String expected, @Nullable String actual) {}

  /** A record that is neither in the store by the log's own account, nor a dead letter. */
  public record Unaccounted(@Nullable String topic, @Nullable Integer partition, long offset, String detail) {}

  /** What a table's rows are compared by. */
  record Table(String name, String entity, List<String> fixed, List<String> changing) {
    static final Table EVENTS = new Table("events", "event", FIXED_OF_EVENTS, CHANGING_OF_EVENTS);
    static final Table SPIRITS = new Table("spirits", "spirit", List.of(), CHANGING_OF_SPIRITS);

    private static String actual(String column) {
      return switch (column) {
        case "content" -> "encode(sha256(convert_to(row.content, 'UTF8')), 'hex')";
        case "metadata" -> "row.metadata::text";
        default -> "row." + column;
      };
    }

    private static String expected(String column) {
      return column.equals("metadata") ? "expected.metadata::text" : "expected." + column;
    }

    private static String differ(List<String> columns) {
      return columns.stream().map(column -> "%s IS DISTINCT FROM %s".formatted(actual(column), expected(column)))
          .collect(Collectors.joining(" OR ", "(", columns.isEmpty() ? "false)" : ")"));
    }

    private String owner() {
      return name.equals("events") ? "agent_id" : "id";
    }
  }

  private final Expectation expectation;
  private final JdbcClient jdbc;
  private final String checked;

  public Drift(Expectation expectation) {
    this.expectation = expectation;
    this.jdbc = expectation.jdbc();
    this.checked = expectation.checkedSchema();
  }

  /** Whether it has been found already, by a run that has ended since. */
  public boolean isFound() {
    return jdbc.sql("SELECT compared FROM begun").query(Boolean.class).single();
  }

  /**
   * Compares the store with what it ought to hold. Rows that were made or changed by records beyond what was worked out are
   * newer, and not judged by these; nor are rows of other topics and partitions, nor those of records that were not worked out
   * as they come before it.
   *
   * @param agent whose rows alone are compared; null is all
   */
  public void find(List<Scope> scopes, @Nullable SpiritId agent) {
    expectation.transactions().executeWithoutResult(_ -> {
      jdbc.sql("DROP TABLE IF EXISTS drift, scope").update();
      jdbc.sql("""
          CREATE UNLOGGED TABLE drift (entity text NOT NULL, id uuid NOT NULL, kind text NOT NULL, row_version text,
            log_partition integer NOT NULL, log_offset bigint NOT NULL, is_newer boolean NOT NULL, is_copy boolean NOT NULL,
            outcome text)
          """).update();
      jdbc.sql("CREATE UNLOGGED TABLE scope (partition integer PRIMARY KEY, first bigint, upto bigint)").update();
      jdbc.sql("INSERT INTO scope SELECT * FROM unnest(:partitions::integer[], :froms::bigint[], :uptos::bigint[])")
          .param("partitions", Sql.column(scopes, Scope::logPartition)).param("froms", Sql.column(scopes, Scope::from))
          .param("uptos", Sql.column(scopes, Scope::upto)).update();
      jdbc.sql("ANALYZE events, spirits, waiting, scope").update();
      find(Table.SPIRITS, agent);
      find(Table.EVENTS, agent);
      jdbc.sql("CREATE INDEX ON drift (entity, kind, log_partition, log_offset)").update();
      jdbc.sql("""
          UPDATE drift SET kind = 'wrong-id'
          WHERE kind = 'unexpected' AND EXISTS (
            SELECT FROM drift AS own
            WHERE own.kind = 'missing' AND own.entity = drift.entity AND own.log_partition = drift.log_partition
              AND own.log_offset = drift.log_offset)
          """).update();
      jdbc.sql("UPDATE begun SET compared = true, not_judged = :number")
          .param("number", notJudged(Table.SPIRITS, agent) + notJudged(Table.EVENTS, agent)).update();
    });
  }

  /** Rows of records that were not worked out. */
  private long notJudged(Table table, @Nullable SpiritId agent) {
    return jdbc.sql("""
        SELECT count(*)
        FROM %1$s.%2$s AS row
        JOIN %1$s.log_partitions AS created ON created.id = row.created_partition
        LEFT JOIN scope ON scope.partition = row.created_partition
        WHERE (:agent::uuid IS NULL OR row.%3$s = :agent::uuid)
          AND (row.created_offset < scope.first
            OR (scope.partition IS NULL OR row.created_offset >= scope.upto AND row.created_offset < created.next_offset)
              AND NOT EXISTS (SELECT FROM %2$s AS expected WHERE expected.id = row.id))
        """.formatted(checked, table.name(), table.owner())).param("agent", agent == null ? null : agent.value())
        .query(Long.class).single();
  }

  /** How many rows were made by records that were not worked out: other topics' and partitions', newer and lost ones. */
  public long notJudged() {
    return jdbc.sql("SELECT not_judged FROM begun").query(Long.class).single();
  }

  /** Keeps what is told of it, for a run that goes on when some of it is repaired. The first to be kept stays. */
  public String keep(Supplier<String> report) {
    Optional<String> kept = jdbc.sql("SELECT report FROM begun WHERE report IS NOT NULL").query(String.class)
        .optional();
    return kept.orElseGet(() -> {
      String made = report.get();
      jdbc.sql("UPDATE begun SET report = :report").param("report", made).update();
      return made;
    });
  }

  private void find(Table table, @Nullable SpiritId agent) {
    jdbc.sql("""
        INSERT INTO drift (entity, id, kind, row_version, log_partition, log_offset, is_newer, is_copy)
        SELECT :entity, coalesce(row.id, expected.id),
          CASE WHEN row.id IS NULL THEN 'missing'
            WHEN expected.id IS NULL THEN 'unexpected'
            WHEN row.changed_partition = expected.changed_partition AND row.changed_offset < expected.changed_offset
              THEN 'amendment-not-applied'
            ELSE 'differing' END,
          row.version, coalesce(expected.created_partition, row.created_partition),
          coalesce(expected.created_offset, row.created_offset),
          row.id IS NOT NULL AND expected.id IS NOT NULL AND NOT judged.changes,
          row.id IS NOT NULL AND expected.id IS NOT NULL AND judged.copy
        FROM (SELECT *, xmin::text AS version FROM %1$s.%2$s WHERE :agent::uuid IS NULL OR %3$s = :agent::uuid
          UNION ALL
          -- Its own that were given to another one. Not one condition: where there are many, their ids are not hashed for it.
          SELECT *, xmin::text FROM %1$s.%2$s WHERE %3$s <> :agent::uuid AND id IN (SELECT id FROM %2$s)) AS row
        FULL JOIN %2$s AS expected ON expected.id = row.id
        LEFT JOIN %1$s.log_partitions AS created ON created.id = row.created_partition
        LEFT JOIN scope AS created_scope ON created_scope.partition = row.created_partition
        LEFT JOIN %1$s.log_partitions AS changed ON changed.id = row.changed_partition
        LEFT JOIN scope AS changed_scope ON changed_scope.partition = row.changed_partition
        CROSS JOIN LATERAL (SELECT
          created.id IS NULL OR coalesce(row.created_offset >= created_scope.first
            AND (row.created_offset < created_scope.upto OR row.created_offset >= created.next_offset), false) AS creation,
          coalesce(row.created_offset >= created_scope.first, true) AS row,
          created.id IS NOT NULL AND created_scope.partition IS NULL AS copy,
          changed.id IS NULL OR coalesce(
            (row.changed_offset < created_scope.upto AND row.changed_partition = row.created_partition
              OR row.changed_offset BETWEEN changed_scope.first AND changed_scope.upto - 1
              OR changed_scope.partition IS NOT NULL AND row.changed_offset >= changed.next_offset), false) AS changes
        ) AS judged
        WHERE (row.id IS NULL
          OR expected.id IS NULL AND judged.creation
          OR row.id IS NOT NULL AND expected.id IS NOT NULL AND judged.row AND (%4$s
            OR NOT judged.copy AND %5$s
            OR judged.changes AND (%6$s OR %7$s)
            OR judged.copy AND row.updated_at <= expected.updated_at AND %6$s))
          -- It waited when it was worked out, and has become a row since.
          AND NOT (EXISTS (SELECT FROM waiting WHERE waiting.id = row.id AND log_partition = row.created_partition
              AND log_offset = row.created_offset)
            AND NOT EXISTS (SELECT FROM %1$s.dead_letters
              WHERE subject_id = row.id AND log_partition = row.created_partition
                AND row.created_offset BETWEEN first_offset AND last_offset))
        """.formatted(checked, table.name(), table.owner(), Table.differ(table.fixed()), Table.differ(CREATION),
        Table.differ(table.changing()), Table.differ(LAST_CHANGE))).param("entity", table.entity())
        .param("agent", agent == null ? null : agent.value()).update();
  }

  /** How many differences of each kind there are. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    KINDS.forEach(kind -> counts.put(kind, 0L));
    jdbc.sql("SELECT kind, count(*) AS number FROM drift GROUP BY kind").query(row -> {
      counts.put(row.getString("kind"), row.getLong("number"));
    });
    return counts;
  }

  /** How many rows there ought to be. */
  public long expected(String table) {
    return jdbc.sql("SELECT count(*) FROM " + (table.equals("events") ? "events" : "spirits")).query(Long.class)
        .single();
  }

  /** What is changed may have been made where the log has lost its beginning, or may have waited for its spirit. */
  private static final String JUDGED_RECORDS = """
      unaccounted JOIN scope ON scope.partition = log_partition
        AND (lacking IS NULL OR first = 0 AND NOT EXISTS (SELECT FROM waiting WHERE waiting.id = lacking))
      """;

  public long unaccounted() {
    return jdbc.sql("SELECT count(*) FROM " + JUDGED_RECORDS).query(Long.class).single();
  }

  /** The first in the order of the log. */
  public List<Unaccounted> firstUnaccounted(int limit) {
    return jdbc.sql("""
        SELECT topic, log_partitions.partition, log_offset, detail
        FROM %s LEFT JOIN %s.log_partitions ON log_partitions.id = log_partition
        ORDER BY log_partition, log_offset LIMIT :limit
        """.formatted(JUDGED_RECORDS, checked)).param("limit", limit)
        .query((row, _) -> new Unaccounted(row.getString("topic"), row.getObject("partition", Integer.class),
            row.getLong("log_offset"), row.getString("detail")))
        .list();
  }

  /** The first differences of a kind, in the order of the log. */
  public List<Difference> first(String kind, int limit) {
    List<Difference> found = new ArrayList<>();
    for (Table table : List.of(Table.SPIRITS, Table.EVENTS)) {
      List<String> columns = new ArrayList<>(table.fixed());
      columns.addAll(table.changing());
      columns.addAll(CREATION);
      columns.addAll(LAST_CHANGE);
      String pairs = columns.stream()
          .map(column -> "%s AS actual_%s, %s AS expected_%s".formatted(Table.actual(column), column,
              Table.expected(column), column))
          .collect(Collectors.joining(", "));
      found.addAll(jdbc.sql("""
          SELECT drift.*, topic, log.partition AS number, row.id AS row_id, expected.id AS expected_id, %s
          FROM drift
          LEFT JOIN %s.%s AS row ON row.id = drift.id
          LEFT JOIN %s AS expected ON expected.id = drift.id
          LEFT JOIN %s.log_partitions AS log ON log.id = drift.log_partition
          WHERE drift.entity = :entity AND drift.kind = :kind
          ORDER BY drift.log_partition, drift.log_offset, drift.id LIMIT :limit
          """.formatted(pairs, checked, table.name(), table.name(), checked)).param("entity", table.entity())
          .param("kind", kind).param("limit", limit - found.size())
          .query((row, _) -> difference(table, columns, row)).list());
    }
    return found;
  }

  private static Difference difference(Table table, List<String> columns, ResultSet row) throws SQLException {
    Map<String, Values> fields = new LinkedHashMap<>();
    if (row.getString("row_id") != null && row.getString("expected_id") != null) {
      for (String column : columns) {
        Values values = new Values(row.getString("expected_" + column), row.getString("actual_" + column));
        if (isJudged(table, column, row) && !Objects.equals(values.expected(), values.actual())) {
          fields.put(column, values);
        }
      }
    }
    UUID agent = null;
    if (table.name().equals("events")) {
      agent = row.getObject("row_id") == null
          ? row.getObject("expected_agent_id", UUID.class)
          : row.getObject("actual_agent_id", UUID.class);
    }
    return new Difference(row.getString("kind"), table.entity(), Sql.uuid(row, "id"), agent, row.getString("topic"),
        row.getObject("number", Integer.class), row.getInt("log_partition"), row.getLong("log_offset"), fields);
  }

  private static boolean isJudged(Table table, String column, ResultSet row) throws SQLException {
    boolean isCopy = row.getBoolean("is_copy");
    if (CREATION.contains(column)) {
      return !isCopy;
    }
    boolean ofChanges = table.changing().contains(column) || LAST_CHANGE.contains(column);
    return !ofChanges || !row.getBoolean("is_newer") || isCopy && table.changing().contains(column);
  }
}
