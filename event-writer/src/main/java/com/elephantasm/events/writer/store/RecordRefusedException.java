package com.elephantasm.events.writer.store;

import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** PostgreSQL refuses the data of at least one record of the batch; which one, halving the batch will tell. */
public final class RecordRefusedException extends RecordFailureException {
  private static final long serialVersionUID = 1;

  RecordRefusedException(SQLException cause) {
    super("PostgreSQL refuses the record (SQLSTATE %s%s)".formatted(cause.getSQLState(), constraint(cause)),
        "PostgreSQL refuses the record (SQLSTATE %s): %s".formatted(cause.getSQLState(), cause.getMessage()));
  }

  private static String constraint(SQLException cause) {
    ServerErrorMessage error = cause instanceof PSQLException known ? known.getServerErrorMessage() : null;
    return error == null || error.getConstraint() == null ? "" : ", constraint " + error.getConstraint();
  }
}
