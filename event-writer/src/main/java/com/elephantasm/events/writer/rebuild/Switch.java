package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.store.SideSchema;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Puts the new tables in the place of the live ones, in one transaction on a connection of its own. First it holds the writers,
 * whose first statement of a batch is about the positions, until the new store has caught up with them; then the readers, for as
 * long as it takes to move the tables. A statement that has waited finds the new tables by their names.
 *
 * <p>A read holds the tables it has seen until its transaction ends, so it sees one store. Where one takes long, everybody else
 * would queue up behind this transaction: it gives up before that hurts, lets all go on, and is to be tried again. It gives up
 * before PostgreSQL looks for deadlocks, too, so that it is never a reader that is ended for one.
 */
final class Switch {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);
  /** Of a process that stops in the middle: then the server ends the transaction, and the writers go on. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  /** Longer than PostgreSQL takes to end a vacuum that is in the way. Nobody waits for us meanwhile. */
  private static final Duration FOR_VACUUMS = Duration.ofSeconds(5);
  private static final Duration FOR_STATEMENTS = Duration.ofSeconds(10);

  private final DataSource live;
  private final SideSchema side;
  private final List<String> tables;
  private final UUID replay;
  private final Clock clock;

  Switch(DataSource live, SideSchema side, List<String> tables, UUID replay, Clock clock) {
    this.live = live;
    this.side = side;
    this.tables = tables;
    this.replay = replay;
    this.clock = clock;
  }

  /** Has the new store apply what is left, while no writer changes the live one. */
  interface LastCatchUp {
    void run() throws InterruptedException;
  }

  /**
   * Tries it once.
   *
   * @param patience how long writers, and then readers, may be held in vain
   * @param result what is noted as the result of the replay in the same transaction, so that it is never switched to unnoticed
   * @return nothing where somebody holds a table for longer, or wants the replay to stop, and all is as it was
   */
  Optional<SwitchTimes> attempt(Duration patience, LastCatchUp catchUp, Function<SwitchTimes, String> result)
      throws InterruptedException {
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      return attempt(connection, patience, catchUp, result);
    } catch (SQLException e) {
      throw new UncategorizedSQLException("switch", null, e);
    }
  }

  private Optional<SwitchTimes> attempt(Connection connection, Duration patience, LastCatchUp catchUp,
      Function<SwitchTimes, String> result) throws SQLException, InterruptedException {
    JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    set(jdbc, "idle_in_transaction_session_timeout", LONGEST_PAUSE);
    if (!locked(connection, FOR_VACUUMS, tablesOf(side.liveSchema()), "SHARE UPDATE EXCLUSIVE")) {
      return Optional.empty();
    }
    long writersHeldFrom = System.nanoTime();
    if (!locked(connection, patience, ofWriters(), "EXCLUSIVE")) {
      return Optional.empty();
    }
    catchUp.run();
    CarriedOver.allThatIsLeft(jdbc, side.liveSchema(), side.name());
    long readersHeldFrom = System.nanoTime();
    if (!locked(connection, patience, tablesOf(side.liveSchema(), side.name()), "ACCESS EXCLUSIVE")) {
      return Optional.empty();
    }
    String previous = previousSchema();
    move(jdbc, previous);
    SwitchTimes soFar = times(previous, writersHeldFrom, readersHeldFrom);
    if (!note(jdbc, result.apply(soFar))) {
      return Optional.empty();
    }
    connection.commit();
    return Optional.of(times(previous, writersHeldFrom, readersHeldFrom));
  }

  private SwitchTimes times(String previous, long writersHeldFrom, long readersHeldFrom) {
    long now = System.nanoTime();
    return new SwitchTimes(clock.instant(), previous, Duration.ofNanos(now - writersHeldFrom).toMillis(),
        Duration.ofNanos(now - readersHeldFrom).toMillis());
  }

  private Connection connect() throws SQLException {
    HikariDataSource pool = live.unwrap(HikariDataSource.class);
    Properties properties = new Properties();
    properties.putAll(pool.getDataSourceProperties());
    putIfPresent(properties, "user", pool.getUsername());
    putIfPresent(properties, "password", pool.getPassword());
    return DriverManager.getConnection(pool.getJdbcUrl(), properties);
  }

  private static void putIfPresent(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }

  private List<String> tablesOf(String... schemas) {
    return Stream.of(schemas).flatMap(schema -> tables.stream().map(table -> schema + "." + table)).toList();
  }

  /** What a batch, a redrive and a discard change first. */
  private List<String> ofWriters() {
    return Stream.of("log_partitions", "dead_letters", "redrives").map(table -> side.liveSchema() + "." + table)
        .toList();
  }

  /**
   * The time is that of all locks together. Otherwise a reader could have waited for the first one for a second before we wait
   * for the last one.
   */
  private static boolean locked(Connection connection, Duration patience, List<String> tables, String mode)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = %d".formatted(patience.toMillis()));
      statement.execute("LOCK TABLE %s IN %s MODE".formatted(String.join(", ", tables), mode));
      statement.execute("SET LOCAL statement_timeout = %d".formatted(FOR_STATEMENTS.toMillis()));
      return true;
    } catch (SQLException e) {
      if (isBusy(e)) {
        connection.rollback();
        return false;
      }
      throw e;
    }
  }

  private static boolean isBusy(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    // Cancelled for its time; a deadlock; a lock timeout that the role or the database has.
    return state.equals("57014") || state.equals("40P01") || state.equals("55P03");
  }

  private static void set(JdbcClient jdbc, String setting, Duration time) {
    jdbc.sql("SELECT set_config(:setting, :millis, true)").param("setting", setting)
        .param("millis", Long.toString(time.toMillis())).query().singleRow();
  }

  private String previousSchema() {
    return "before_%s_%s".formatted(TIME.format(clock.instant()), replay.toString().substring(28));
  }

  private void move(JdbcClient jdbc, String previous) {
    jdbc.sql("CREATE SCHEMA " + previous).update();
    List<String> statements = tables.stream().flatMap(table -> Stream.of(
        "ALTER TABLE %s.%s SET SCHEMA %s".formatted(side.liveSchema(), table, previous),
        "ALTER TABLE %s.%s SET SCHEMA %s".formatted(side.name(), table, side.liveSchema()),
        "ALTER TABLE %s.%s RESET (autovacuum_enabled)".formatted(side.liveSchema(), table))).toList();
    statements.forEach(statement -> jdbc.sql(statement).update());
    privileges(jdbc, previous).forEach(statement -> jdbc.sql(statement).update());
  }

  /** What gives the new tables the owners and privileges of those before them. */
  private List<String> privileges(JdbcClient jdbc, String previous) {
    return jdbc.sql("""
        WITH tables AS (
          SELECT relname, relnamespace::regnamespace::text AS schema, relowner, relacl
          FROM pg_class
          WHERE relnamespace IN (to_regnamespace(:live), to_regnamespace(:previous)) AND relkind = 'r'
            AND quote_ident(relname) = ANY (:tables::text[])),
        owners AS (
          SELECT format('ALTER TABLE %I.%I OWNER TO %s', now.schema, now.relname, before.relowner::regrole) AS statement
          FROM tables AS now JOIN tables AS before USING (relname)
          WHERE now.schema = :live AND before.schema = :previous AND now.relowner <> before.relowner),
        granted AS (
          SELECT schema, relname, privilege_type, is_grantable,
            CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
          FROM tables, aclexplode(coalesce(relacl, acldefault('r', relowner)))),
        columns AS (
          SELECT schema, tables.relname, privilege_type, is_grantable, attname,
            CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee
          FROM tables JOIN pg_attribute ON attrelid = format('%I.%I', schema, tables.relname)::regclass,
            aclexplode(attacl))
        SELECT statement FROM owners
        UNION ALL
        SELECT format('REVOKE %s ON %I.%I FROM %s', privilege_type, :live, relname, grantee)
        FROM (SELECT relname, privilege_type, is_grantable, grantee FROM granted WHERE schema = :live
          EXCEPT SELECT relname, privilege_type, is_grantable, grantee FROM granted WHERE schema = :previous) AS added
        UNION ALL
        SELECT format('GRANT %s ON %I.%I TO %s%s', privilege_type, :live, relname, grantee,
          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM (SELECT relname, privilege_type, is_grantable, grantee FROM granted WHERE schema = :previous
          EXCEPT SELECT relname, privilege_type, is_grantable, grantee FROM granted WHERE schema = :live) AS missing
        UNION ALL
        SELECT format('GRANT %s (%I) ON %I.%I TO %s%s', privilege_type, attname, :live, relname, grantee,
          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM columns WHERE schema = :previous
        """).param("live", side.liveSchema()).param("previous", previous)
        .param("tables", tables.toArray(String[]::new)).query((row, _) -> row.getString(1)).list();
  }

  /** Last, because whoever runs the replay writes that row, too. False where somebody wants it to stop. */
  private boolean note(JdbcClient jdbc, String result) {
    return jdbc.sql("""
        UPDATE %s.replays SET result = :result::json WHERE id = :id AND state = 'running' AND wanted IS NULL
        """.formatted(side.liveSchema())).param("result", result).param("id", replay).update() == 1;
  }

  /** The result that was noted when a rebuild was switched to; null where it was not, or not yet. */
  static @Nullable String noted(DataSource live, UUID replay) {
    return JdbcClient.create(live)
        .sql("SELECT result::text FROM replays WHERE id = :id AND result ->> 'switched_at' IS NOT NULL")
        .param("id", replay).query(String.class).optional().orElse(null);
  }

  /** Who holds the live tables, for people who wait for the switch. */
  String holders() {
    return String.join(", ", JdbcClient.create(live).sql("""
        SELECT DISTINCT format('%s (process %s, since %s UTC)', coalesce(nullif(application_name, ''), usename::text),
          pid, to_char(xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS'))
        FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE relation = ANY (:tables::text[]::regclass[]) AND granted AND xact_start < now() - interval '1 second'
        """).param("tables", tablesOf(side.liveSchema()).toArray(String[]::new)).query((row, _) -> row.getString(1))
        .list());
  }
}
