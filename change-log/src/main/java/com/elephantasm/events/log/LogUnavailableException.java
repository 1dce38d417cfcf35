package com.elephantasm.events.log;

/**
 * The log did not acknowledge a change within the bounds: Kafka is away, too few replicas are in sync, or the producer's
 * buffer is full. Whether the log has the change is not known, so it must not be called accepted; the same change may be
 * published again, as its identity makes the second one a duplicate.
 */
public final class LogUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LogUnavailableException(String message) {
    super(message);
  }

  LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
