package com.elephantasm.events.ingest;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.BrokenBodyException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.context.SmartLifecycle;

/** The uploads that run: only so many at once, and none any more when the service stops. */
final class Uploads implements SmartLifecycle, MeterBinder {
  private final Admission admission;
  private final int max;
  private final Semaphore places;
  private final Set<Upload> running = ConcurrentHashMap.newKeySet();
  private volatile boolean started;
  private volatile boolean stopping;

  Uploads(Admission admission, int max) {
    this.admission = admission;
    this.max = max;
    places = new Semaphore(max);
  }

  /**
   * Runs an upload to its end.
   *
   * @throws BrokenBodyException where it broke off before there was anything to answer
   * @throws com.elephantasm.events.http.ProblemException 503 where there is no place for it
   */
  void run(Upload upload) throws BrokenBodyException {
    if (!places.tryAcquire()) {
      throw Admission.overloaded("as many uploads are running as the service can carry");
    }
    try {
      admission.leave();
      running.add(upload);
      if (stopping) {
        upload.stop();
      }
      upload.run();
    } finally {
      running.remove(upload);
      places.release();
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("elephantasm.uploads.open", () -> max - places.availablePermits())
        .description("NDJSON uploads that run").register(registry);
    Gauge.builder("elephantasm.uploads.open.limit", () -> max).description("The most NDJSON uploads at once")
        .register(registry);
  }

  @Override
  public void start() {
    started = true;
    stopping = false;
  }

  /** The web server then waits for the last receipts, as for any answer. */
  @Override
  public void stop() {
    started = false;
    stopping = true;
    running.forEach(Upload::stop);
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  /** Before the web server's graceful shutdown (DEFAULT_PHASE - 1024), which waits for running requests. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 512;
  }
}
