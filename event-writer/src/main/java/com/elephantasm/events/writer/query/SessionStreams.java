package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Writes whole sessions while they are read. Each holds a connection for as long as its client takes to receive it, so no more
 * than some run at once: slow clients must not take all connections from the other reads and from the writer.
 */
final class SessionStreams {
  private final EventQueries events;
  private final QuerySettings settings;
  private final Semaphore places;

  SessionStreams(EventQueries events, QuerySettings settings) {
    this.events = events;
    this.settings = settings;
    this.places = new Semaphore(settings.maxStreams(), true);
  }

  /**
   * @throws BrokenOffException where it fails after the answer has begun
   */
  void write(EventFilter filter, EventWindow window, HttpServletResponse response) throws IOException {
    takePlace();
    try {
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      EventArrayWriter array = new EventArrayWriter(response.getOutputStream());
      events.forEach(filter, window, array::write);
      array.end();
    } catch (RuntimeException | Error e) {
      if (response.isCommitted()) {
        throw new BrokenOffException(e);
      }
      response.resetBuffer();
      throw e;
    } finally {
      places.release();
    }
  }

  private void takePlace() {
    try {
      if (places.tryAcquire(settings.statementTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw Problem.of(ProblemType.STORE_UNAVAILABLE,
        "%d whole sessions are being read already; try again, or read it in pages with limit".formatted(
            settings.maxStreams()))
        .withHeader(HttpHeaders.RETRY_AFTER, "5").asException();
  }
}
