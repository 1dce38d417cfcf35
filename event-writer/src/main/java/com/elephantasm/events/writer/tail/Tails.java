package com.elephantasm.events.writer.tail;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.writer.query.EventFilter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * The tails of this process, each on the virtual thread of its request. Not as an asynchronous request on a thread of its own,
 * though that would keep less of a stack: where a write fails there, Tomcat gives the request's objects to the next one while
 * this thread is still on its way out of them.
 */
final class Tails implements SmartLifecycle, MeterBinder {
  private static final Logger LOG = LoggerFactory.getLogger(Tails.class);
  /** Before the web server's graceful shutdown (DEFAULT_PHASE - 1024), which waits for running requests: a tail never ends. */
  private static final int PHASE = DEFAULT_PHASE - 512;

  private final TailHub hub;
  private final CatchUp catchUp;
  private final Admission admission;
  private final BufferedBytes bytes;
  private final TailSettings settings;
  private final Semaphore places;
  private volatile Stop stop = new Stop();
  private volatile boolean running;

  Tails(TailHub hub, CatchUp catchUp, Admission admission, BufferedBytes bytes, TailSettings settings) {
    this.hub = hub;
    this.catchUp = catchUp;
    this.admission = admission;
    this.bytes = bytes;
    this.settings = settings;
    this.places = new Semaphore(settings.maxTails());
  }

  /**
   * Shows the client what is new until it leaves, is too slow, or the service stops.
   *
   * @param start null for now
   * @throws ProblemException 503 where there are too many tails, or the store does not answer; nothing was written then
   */
  void show(EventFilter filter, @Nullable TailCursor start, HttpServletResponse response) throws InterruptedException {
    if (!places.tryAcquire()) {
      throw Admission.overloaded("%d tails are open already, which is as many as this instance serves"
          .formatted(settings.maxTails()));
    }
    try {
      admission.leave();
      Stop wanted = stop;
      TailCursor cursor = start == null ? now(wanted) : start;
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
      response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
      // nginx and those that learned it from there would keep events back until a buffer is full.
      response.setHeader("X-Accel-Buffering", "no");
      EventStream stream = new EventStream(response.getOutputStream());
      new Tail(filter, cursor, stream, hub, catchUp, bytes, settings, wanted).run();
    } catch (IOException e) {
      LOG.debug("The client of a tail has left, or takes nothing", e);
    } catch (RuntimeException e) {
      if (!response.isCommitted()) {
        throw e;
      }
      // Whatever answers exceptions would write a problem into the stream.
      LOG.error("A tail of spirit {} was broken off", filter.agentId(), e);
    } finally {
      places.release();
    }
  }

  /** How many there are. */
  int open() {
    return settings.maxTails() - places.availablePermits();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("elephantasm.tails.open", this::open).description("Live tails that are open").register(registry);
    Gauge.builder("elephantasm.tails.open.limit", settings::maxTails).description("The most live tails at once")
        .register(registry);
    Gauge.builder("elephantasm.tails.buffered", bytes::held).baseUnit(BaseUnits.BYTES)
        .description("What waits for the clients of tails").register(registry);
  }

  private TailCursor now(Stop wanted) throws InterruptedException {
    while (!wanted.isWanted()) {
      Frontier frontier = catchUp.frontier();
      if (frontier != null) {
        return frontier.cursor();
      }
    }
    throw Admission.overloaded("this instance is stopping");
  }

  @Override
  public void start() {
    stop = new Stop();
    hub.start();
    running = true;
  }

  @Override
  public void stop() {
    stop.want();
    try {
      hub.stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
