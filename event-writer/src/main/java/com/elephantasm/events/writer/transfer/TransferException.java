package com.elephantasm.events.writer.transfer;

/** An export or an import cannot be done, or not to its end; the message says why, and what to do. */
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Cause reason;

  /** What is to blame. */
  public enum Cause {
    /** What was asked for: nothing was read or written. */
    IMPOSSIBLE,
    /** Something on the way. */
    BROKEN_OFF
  }

  TransferException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  static TransferException impossible(String message) {
    return new TransferException(Cause.IMPOSSIBLE, message);
  }

  static TransferException brokenOff(String message) {
    return new TransferException(Cause.BROKEN_OFF, message);
  }

  public Cause reason() {
    return reason;
  }
}
