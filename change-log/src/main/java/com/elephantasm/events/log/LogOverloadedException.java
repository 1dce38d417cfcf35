package com.elephantasm.events.log;

/**
 * As many bytes are on their way into the log as {@link LogSettings#maxUnacknowledged()} allows. Nothing was published; the
 * change may be published again when others have been acknowledged.
 */
public final class LogOverloadedException extends LogUnavailableException {
  private static final long serialVersionUID = 1;

  LogOverloadedException(String message) {
    super(message);
  }
}
