package com.elephantasm.events.writer.store;

import com.elephantasm.events.settings.SettingException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.core.NestedExceptionUtils;

/** Brings the tables to what this version needs. */
public final class StoreMigration {
  private static final Logger LOG = LoggerFactory.getLogger(StoreMigration.class);
  private final Flyway flyway;
  private volatile String obstacle = "";

  StoreMigration(Flyway flyway) {
    this.flyway = flyway;
  }

  /**
   * Migrates if there is anything to migrate.
   *
   * @return false where the database is away or does not let this service in, of which {@link #obstacle()} tells; try again
   * @throws SettingException where the role may not change the tables
   * @throws FlywayException where the database is there and the migration is what fails; trying again will not help
   */
  public boolean done() {
    try {
      flyway.migrate();
      return true;
    } catch (FlywayException e) {
      if (Failures.isRefusedLogin(e)) {
        tell(Level.ERROR,
            "authentication failed: PostgreSQL does not let this service in (%s): see spring.datasource.*, spring.flyway.user and .password"
                .formatted(reason(e)));
        return false;
      }
      if (Failures.isAboutTheConnection(e)) {
        tell(Level.WARN, reason(e));
        return false;
      }
      if (Failures.isMissingRight(e)) {
        throw new SettingException(
            "The role of the database may not make or change the tables (%s)".formatted(reason(e)),
            "Set spring.flyway.user and spring.flyway.password to those of the role that owns them: docs/security.md.");
      }
      throw e;
    }
  }

  /** Why the last try did not succeed. */
  public String obstacle() {
    return obstacle;
  }

  private void tell(Level level, String why) {
    if (!why.equals(obstacle)) {
      obstacle = why;
      LOG.atLevel(level).log("PostgreSQL is not ready: {}", why);
    }
  }

  private static String reason(FlywayException e) {
    return String.valueOf(NestedExceptionUtils.getMostSpecificCause(e).getMessage()).lines().findFirst().orElse("");
  }
}
