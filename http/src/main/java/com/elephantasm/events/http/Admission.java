package com.elephantasm.events.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;

/**
 * Admission control: bounds how many requests are worked on at once, how many wait, and the memory of their bodies. What is
 * beyond is refused at once instead of queueing, which bounds the time of what was let in.
 *
 * <p>A request has a place from its first filter to its end. It gives the place up while it waits for the store, where it costs
 * next to nothing, and for good when it begins to stream. Calls come from the thread that the request came in on; elsewhere they
 * bound nothing.
 */
public final class Admission implements MeterBinder {
  private static final ScopedValue<Visit> CURRENT = ScopedValue.newInstance();
  private static final String RETRY_AFTER_SECONDS = "1";

  private final int maxInFlight;
  private final int maxWaiting;
  private final long bodyMemory;
  private final Semaphore places;
  private final Semaphore waitingPlaces;
  private final AtomicLong bodyMemoryInUse = new AtomicLong();

  Admission(AdmissionSettings settings) {
    maxInFlight = settings.maxInFlight();
    maxWaiting = settings.maxWaiting();
    bodyMemory = settings.bodyMemory();
    places = new Semaphore(maxInFlight);
    waitingPlaces = new Semaphore(maxWaiting);
  }

  /**
   * Lets a request in; to be closed at its end.
   *
   * @throws ProblemException 503 where all places are taken
   */
  Visit enter() {
    if (!places.tryAcquire()) {
      throw overloaded("the service works on %d requests already".formatted(maxInFlight));
    }
    return new Visit();
  }

  /** What a request holds; used by one thread. */
  final class Visit implements AutoCloseable {
    private boolean inPlace = true;
    private long memory;

    /** Marks what runs in it as this request. */
    ScopedValue.Carrier scope() {
      return ScopedValue.where(CURRENT, this);
    }

    private void leave() {
      if (inPlace) {
        inPlace = false;
        places.release();
      }
    }

    private <T> T outOfPlace(Supplier<T> work) {
      if (!inPlace) {
        return work.get();
      }
      leave();
      try {
        return work.get();
      } finally {
        // Never refused: the request is nearly done.
        places.acquireUninterruptibly();
        inPlace = true;
      }
    }

    @Override
    public void close() {
      leave();
      bodyMemoryInUse.addAndGet(-memory);
    }
  }

  /**
   * Waits without a place, and works on with one.
   *
   * @return what the wait gave; empty where so many wait already that this request should not
   */
  public <T> Optional<T> waiting(Supplier<T> wait) {
    if (!waitingPlaces.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(CURRENT.isBound() ? CURRENT.get().outOfPlace(wait) : wait.get());
    } finally {
      waitingPlaces.release();
    }
  }

  /**
   * Waits without a place, and works on with one.
   *
   * @throws ProblemException 503 where too many wait already
   */
  public <T> T waitingOrRefused(Supplier<T> wait) {
    return waiting(wait).orElseThrow(() -> overloaded("as many requests wait as may"));
  }

  /** Gives the place up, for a request that goes on for long and is bounded otherwise. */
  public void leave() {
    if (CURRENT.isBound()) {
      CURRENT.get().leave();
    }
  }

  /**
   * Takes memory for a body, until the request ends. One that alone is larger than all there is, is let in where there is no
   * other.
   *
   * @throws ProblemException 503 where other bodies have it
   */
  void reserve(long bytes) {
    if (!CURRENT.isBound()) {
      return;
    }
    Visit visit = CURRENT.get();
    long others = bodyMemoryInUse.getAndAdd(bytes) - visit.memory;
    visit.memory += bytes;
    if (others > 0 && others + visit.memory > bodyMemory) {
      throw overloaded("the service holds as many bodies as it has memory for");
    }
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("elephantasm.requests.in.flight", () -> maxInFlight - places.availablePermits())
        .description("Requests that are worked on").register(registry);
    Gauge.builder("elephantasm.requests.in.flight.limit", () -> maxInFlight)
        .description("The most requests that are worked on at once").register(registry);
    Gauge.builder("elephantasm.requests.waiting", () -> maxWaiting - waitingPlaces.availablePermits())
        .description("Requests that wait for the store").register(registry);
    Gauge.builder("elephantasm.requests.waiting.limit", () -> maxWaiting)
        .description("The most requests that wait for the store at once").register(registry);
    Gauge.builder("elephantasm.bodies.held", bodyMemoryInUse, AtomicLong::get).baseUnit(BaseUnits.BYTES)
        .description("Bodies of requests in memory").register(registry);
    Gauge.builder("elephantasm.bodies.held.limit", () -> bodyMemory).baseUnit(BaseUnits.BYTES)
        .description("The most bytes of bodies that are in memory at once").register(registry);
  }

  /** The answer to what is more than can be carried. */
  public static ProblemException overloaded(String reason) {
    return Problem.of(ProblemType.OVERLOADED, reason + "; nothing was done for this one, send it again")
        .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).asException();
  }
}
