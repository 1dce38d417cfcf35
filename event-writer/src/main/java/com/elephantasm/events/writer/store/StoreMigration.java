package com.elephantasm.events.writer.store;

import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the tables to what this version needs. */
public final class StoreMigration {
  private final Flyway flyway;

  StoreMigration(Flyway flyway) {
    this.flyway = flyway;
  }

  /**
   * Migrates if there is anything to migrate.
   *
   * @return false where the database is away; try again
   * @throws FlywayException where the database is there and the migration is what fails; trying again will not help
   */
  public boolean done() {
    try {
      flyway.migrate();
      return true;
    } catch (FlywayException e) {
      if (isAboutTheConnection(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Class 08 of PostgreSQL's error codes, 57P for a server that starts or stops, and none: the pool's own timeout. */
  private static boolean isAboutTheConnection(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        String state = sql.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P");
      }
    }
    return false;
  }
}
