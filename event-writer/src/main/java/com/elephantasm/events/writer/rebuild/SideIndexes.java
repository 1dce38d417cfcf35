package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.ReplayFailedException;
import com.elephantasm.events.writer.replay.ReplayRun;
import com.elephantasm.events.writer.store.SideSchema;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The indexes of the events beside their primary key. Filling a table that has them costs more than building them over a table
 * that is full; nothing reads through them meanwhile. The other tables are small beside this one, and keep theirs. An event's id
 * is made of its spirit and key, so two rows with one key would have one id: the primary key keeps them apart until the index of
 * keys is there.
 */
final class SideIndexes {
  private record Index(String name, String definition) {}

  private final SideSchema side;
  private final JdbcClient jdbc;
  private final RebuildSettings settings;

  SideIndexes(SideSchema side, RebuildSettings settings) {
    this.side = side;
    this.jdbc = JdbcClient.create(side.dataSource());
    this.settings = settings;
  }

  /** Notes and drops them; joins the caller's transaction. */
  void drop() {
    jdbc.sql("""
        CREATE TABLE rebuild_indexes AS
        SELECT index.relname::text AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
        WHERE indrelid = 'events'::regclass AND NOT indisprimary
        """).update();
    noted().forEach(index -> jdbc.sql("DROP INDEX \"%s\"".formatted(index.name())).update());
  }

  private List<Index> noted() {
    return jdbc.sql("SELECT name, definition FROM rebuild_indexes ORDER BY name")
        .query((row, _) -> new Index(row.getString("name"), row.getString("definition"))).list();
  }

  private List<Index> missing() {
    return jdbc.sql("""
        SELECT name, definition FROM rebuild_indexes
        WHERE to_regclass(quote_ident(current_schema()) || '.' || quote_ident(name)) IS NULL
        ORDER BY name
        """).query((row, _) -> new Index(row.getString("name"), row.getString("definition"))).list();
  }

  /** Builds those that are not there yet, one after the other: each takes all processors that PostgreSQL gives it. */
  void build(ReplayRun run) throws InterruptedException {
    List<Index> missing = missing();
    int number = 0;
    for (Index index : missing) {
      number++;
      run.phase("building index %s (%d of %d)".formatted(index.name(), number, missing.size()));
      LongStatements.run(side.dataSource(), run,
          List.of("SET LOCAL maintenance_work_mem = '%dMB'".formatted(settings.indexMemory().toMegabytes()),
              "SET LOCAL max_parallel_maintenance_workers = %d".formatted(settings.indexWorkers()),
              index.definition()));
    }
  }

  /** @throws ReplayFailedException where one is not there, or not valid */
  void check() {
    List<String> wanting = jdbc.sql("""
        SELECT name FROM rebuild_indexes
        WHERE to_regclass(quote_ident(current_schema()) || '.' || quote_ident(name)) IS NULL
        UNION ALL
        SELECT index.relname FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
        WHERE index.relnamespace = current_schema()::regnamespace AND NOT (indisvalid AND indisready)
        ORDER BY 1
        """).query((row, _) -> row.getString(1)).list();
    if (!wanting.isEmpty()) {
      throw new ReplayFailedException(
          "the new store lacks the indexes %s, or they are not valid; rebuild again".formatted(wanting));
    }
  }
}
