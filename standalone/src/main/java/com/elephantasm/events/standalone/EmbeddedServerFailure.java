package com.elephantasm.events.standalone;

import com.elephantasm.events.embedded.EmbeddedServerException;
import java.util.Optional;
import org.springframework.boot.SpringBootExceptionReporter;

/** A server that did not start is told in one line at the end, so Spring Boot has nothing to report. */
final class EmbeddedServerFailure implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    return in(failure).isPresent();
  }

  static Optional<EmbeddedServerException> in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EmbeddedServerException found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }
}
