package com.elephantasm.events.writer.store;

/**
 * At least one record of the batch cannot be applied; which one, halving the batch will tell. The message can be logged: it quotes
 * nothing of a record, and there is no cause, which might.
 */
public abstract sealed class RecordFailureException extends RuntimeException
    permits RecordRefusedException, DefectException {
  private static final long serialVersionUID = 1;

  private final String detail;

  RecordFailureException(String message, String detail) {
    super(message);
    this.detail = detail;
  }

  /** The reason in full, for the dead letter, which holds the record anyway. */
  public String detail() {
    return detail;
  }
}
