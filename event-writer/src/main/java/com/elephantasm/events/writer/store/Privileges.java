package com.elephantasm.events.writer.store;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What docs/security.md gives the role of the service. PostgreSQL names the table where something of it is missing, and not what. */
final class Privileges {
  private final JdbcClient jdbc;

  Privileges(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A failure for want of a privilege as one that says which; all others, and one that cannot be explained, as they are. */
  RuntimeException named(RuntimeException failure) {
    if (!Failures.isMissingRight(failure)) {
      return failure;
    }
    try {
      return jdbc.sql("""
          SELECT format('not authorized: give %s to %I', string_agg(missing, '; ' ORDER BY missing), current_user)
          FROM (SELECT format('%s on %I', string_agg(privilege, ', ' ORDER BY place), relname)
                FROM pg_class CROSS JOIN unnest('{SELECT, INSERT, UPDATE, DELETE}'::text[]) WITH ORDINALITY AS _ (privilege, place)
                WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
                  AND NOT has_table_privilege(pg_class.oid, privilege)
                GROUP BY relname) AS _ (missing)
          HAVING count(*) > 0
          """).query(String.class).optional()
          .<RuntimeException>map(MissingPrivilegeException::new)
          .orElse(failure);
    } catch (DataAccessException _) {
      return failure;
    }
  }
}
