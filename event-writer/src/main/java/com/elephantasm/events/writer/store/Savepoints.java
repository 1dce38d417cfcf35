package com.elephantasm.events.writer.store;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.SavepointManager;

/** Parts of a transaction that can be refused without ending it. */
final class Savepoints {
  private final SavepointManager transaction;
  private final JdbcClient jdbc;

  Savepoints(SavepointManager transaction, JdbcClient jdbc) {
    this.transaction = transaction;
    this.jdbc = jdbc;
  }

  /**
   * Runs a part, with constraints that wait for the commit checked at its end.
   *
   * @throws RecordRefusedException where PostgreSQL refuses data of it, and none of it was written; the transaction can go on
   * @throws DefectException where the writer fails, likewise
   */
  void run(Runnable part) {
    Object savepoint = transaction.createSavepoint();
    try {
      part.run();
      jdbc.sql("SET CONSTRAINTS ALL IMMEDIATE").update();
    } catch (RuntimeException e) {
      RuntimeException judged = Failures.judged(e);
      if (judged != e) {
        transaction.rollbackToSavepoint(savepoint);
      }
      throw judged;
    }
    transaction.releaseSavepoint(savepoint);
  }
}
