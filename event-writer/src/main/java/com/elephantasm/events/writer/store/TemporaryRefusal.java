package com.elephantasm.events.writer.store;

import java.sql.SQLException;

/** Failures of a database that answers and still cannot work: it starts or stops, or has no room on its disk or for connections. */
public final class TemporaryRefusal {
  private TemporaryRefusal() {}

  /** Classes 53 and 57P of PostgreSQL's error codes (manual, appendix A). */
  public static boolean isIn(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        String state = sql.getSQLState();
        return state != null && (state.startsWith("53") || state.startsWith("57P"));
      }
    }
    return false;
  }
}
