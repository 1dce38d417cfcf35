package com.elephantasm.events.writer.replay;

/** A replay cannot do what it was asked to, however often it is tried; the message says why, and what to do instead. */
public final class ReplayFailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ReplayFailedException(String message) {
    super(message);
  }

  public ReplayFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
