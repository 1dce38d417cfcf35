package com.elephantasm.events.writer.store;

import org.springframework.core.NestedExceptionUtils;

/**
 * The writer fails for another reason than the database: at least one record of the batch brings a defect of ours to light; which
 * one, halving the batch will tell. It may also be an accident, so try again before you blame the record. The stack trace is that
 * of the defect.
 */
public final class DefectException extends RecordFailureException {
  private static final long serialVersionUID = 1;

  private final Throwable defect;

  DefectException(Throwable defect) {
    super("the writer cannot apply the record: " + root(defect).getClass().getName(),
        "the writer cannot apply the record: " + defect);
    this.defect = defect;
    setStackTrace(root(defect).getStackTrace());
  }

  /** What was thrown; its message may quote a record. */
  public Throwable defect() {
    return defect;
  }

  private static Throwable root(Throwable defect) {
    return NestedExceptionUtils.getMostSpecificCause(defect);
  }
}
