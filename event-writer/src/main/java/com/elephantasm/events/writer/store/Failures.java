package com.elephantasm.events.writer.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * What a failure says about what to do next. The only place that judges by PostgreSQL's error codes (manual, appendix A).
 *
 * <p>About the data, so that the same record will be refused again: classes 21 (cardinality), 22 (data exception), 23 (integrity
 * constraint), 44 (check option), 54 (program limit, such as the size of an index entry) and P0 (raised by a trigger).
 *
 * <p>All others may pass by themselves or by somebody's hand, so the same batch is tried until it succeeds: 08 (connection), 25
 * (read-only, as after a failover), 28 (password), 40 (deadlock, serialization), 42 (a table, a column or a permission is missing),
 * 53 (disk full, out of memory, too many connections), 55 (lock timeout), 57 (cancelled, shut down, in recovery), 58 and XX (the
 * server is broken), and no code at all: the pool's or the driver's own.
 *
 * <p>What does not come from the database is a defect of the writer, which some record brings to light.
 */
public final class Failures {
  private Failures() {}

  /** Says which kind it is by the type: {@link RecordRefusedException}, {@link DefectException}, or itself for all others. */
  static RuntimeException judged(RuntimeException failure) {
    SQLException error = errorIn(failure);
    if (error != null) {
      return isAboutTheData(error) ? new RecordRefusedException(error) : failure;
    }
    boolean ofTheDatabase = failure instanceof TransientDataAccessException || failure instanceof TransactionException;
    return ofTheDatabase ? failure : new DefectException(failure);
  }

  private static boolean isAboutTheData(SQLException error) {
    String state = error.getSQLState();
    return state != null && switch (state.substring(0, Math.min(2, state.length()))) {
      case "21", "22", "23", "44", "54", "P0" -> true;
      default -> false;
    };
  }

  /** That there is no server to talk to, or that it starts or stops. */
  static boolean isAboutTheConnection(Throwable failure) {
    SQLException error = errorIn(failure);
    String state = error == null ? null : error.getSQLState();
    return error != null && (state == null || state.startsWith("08") || state.startsWith("57P"));
  }

  /** That there is a server to talk to, which takes no work for now: it starts or stops, or has no room on its disk or for connections. */
  public static boolean isRefusalForNow(Throwable failure) {
    SQLException error = errorIn(failure);
    String state = error == null ? null : error.getSQLState();
    return state != null && (state.startsWith("53") || state.startsWith("57P"));
  }

  /** That the server does not know the role, its password or its certificate, or has no rule for it in {@code pg_hba.conf}. */
  public static boolean isRefusedLogin(Throwable failure) {
    SQLException error = errorIn(failure);
    String state = error == null ? null : error.getSQLState();
    return state != null && state.startsWith("28");
  }

  /** That the role lacks a privilege. */
  static boolean isMissingRight(Throwable failure) {
    SQLException error = errorIn(failure);
    return error != null && "42501".equals(error.getSQLState());
  }

  private static @Nullable SQLException errorIn(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
