package com.elephantasm.events.writer.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** By which indexes statements find their rows: as PostgreSQL counts it while they run, whatever EXPLAIN might say beforehand. */
public final class IndexUse {
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  public IndexUse(DataSource dataSource) {
    this.jdbc = JdbcClient.create(dataSource);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }

  /**
   * Runs the work and takes it back.
   *
   * @return the table's indexes that were used, and the table itself where it was read from end to end
   */
  public Set<String> of(String table, Runnable work) {
    Set<String> used = transactions.execute(transaction -> {
      transaction.setRollbackOnly();
      Map<String, Long> before = scans(table);
      work.run();
      Set<String> names = new TreeSet<>();
      scans(table).forEach((name, count) -> {
        if (count > before.getOrDefault(name, 0L)) {
          names.add(name);
        }
      });
      return names;
    });
    return used == null ? Set.of() : used;
  }

  private Map<String, Long> scans(String table) {
    Map<String, Long> scans = new HashMap<>();
    jdbc.sql("""
        SELECT relname, pg_stat_get_xact_numscans(oid) FROM pg_class
        WHERE oid = :table::regclass OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = :table::regclass)
        """).param("table", table).query(row -> {
      scans.put(row.getString(1), row.getLong(2));
    });
    return scans;
  }
}
