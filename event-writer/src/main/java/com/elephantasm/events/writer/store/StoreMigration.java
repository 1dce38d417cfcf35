package com.elephantasm.events.writer.store;

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
      if (Failures.isAboutTheConnection(e)) {
        return false;
      }
      throw e;
    }
  }
}
