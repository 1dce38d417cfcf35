package com.elephantasm.events.standalone;

import com.elephantasm.events.embedded.EmbeddedServerException;
import org.springframework.boot.SpringBootExceptionReporter;

/**
 * What Spring Boot need not report: a server that did not start is told in one line at the end, and a start that was broken off
 * by a signal is what the user wanted.
 */
final class ExpectedFailures implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EmbeddedServerException || cause instanceof StartBrokenOffException || isShutdown(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Kafka adds a shutdown hook when it starts, which {@link Runtime#addShutdownHook} refuses after a signal. */
  private static boolean isShutdown(Throwable cause) {
    return cause instanceof IllegalStateException && "Shutdown in progress".equals(cause.getMessage());
  }
}
