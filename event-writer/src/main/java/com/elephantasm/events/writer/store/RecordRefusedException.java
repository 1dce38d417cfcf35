package com.elephantasm.events.writer.store;

import java.sql.SQLException;

/** PostgreSQL refuses the data of at least one record of the batch; which one, halving the batch will tell. */
public final class RecordRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RecordRefusedException(SQLException cause) {
    super("PostgreSQL refuses the record (SQLSTATE %s): %s".formatted(cause.getSQLState(), cause.getMessage()), cause);
  }
}
