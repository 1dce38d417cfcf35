package com.elephantasm.events.log;

/**
 * The log did not acknowledge a change within the bounds: Kafka is away, too few replicas are in sync, or the producer's
 * buffer is full. Whether the log has the change is not known, so it must not be called accepted; the same change may be
 * published again, and is a duplicate then if its identity is a key or it comes with the same CloudEvents id.
 */
public class LogUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LogUnavailableException(String message) {
    super(message);
  }

  LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
