package com.elephantasm.events.writer.store;

/**
 * The writer fails for another reason than the database: at least one record of the batch brings a defect of ours to light; which
 * one, halving the batch will tell. It may also be an accident, so try again before you blame the record.
 */
public final class DefectException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DefectException(RuntimeException cause) {
    super("the writer cannot apply the record: " + cause, cause);
  }
}
