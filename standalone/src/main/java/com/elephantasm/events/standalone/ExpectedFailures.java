package com.elephantasm.events.standalone;

import com.elephantasm.events.embedded.EmbeddedServerException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootExceptionReporter;

/**
 * What Spring Boot need not report: a server that did not start is told in one line at the end, and a start that was broken off
 * by a signal is what the user wanted.
 */
final class ExpectedFailures implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    return find(failure, cause -> cause instanceof EmbeddedServerException || isBrokenOff(cause)).isPresent();
  }

  /** Kafka adds a shutdown hook when it starts, which {@link Runtime#addShutdownHook} refuses after a signal. */
  private static boolean isBrokenOff(Throwable cause) {
    return cause instanceof StartBrokenOffException
        || cause instanceof IllegalStateException && "Shutdown in progress".equals(cause.getMessage());
  }

  static Optional<EmbeddedServerException> ofServer(Throwable failure) {
    return find(failure, EmbeddedServerException.class::isInstance).map(EmbeddedServerException.class::cast);
  }

  private static Optional<Throwable> find(Throwable failure, Predicate<Throwable> wanted) {
    Stream.Builder<Throwable> chain = Stream.builder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      chain.add(cause);
    }
    return chain.build().filter(wanted).findFirst();
  }
}
