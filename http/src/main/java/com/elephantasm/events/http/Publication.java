package com.elephantasm.events.http;

import com.elephantasm.events.log.ChangeLog;
import com.elephantasm.events.log.Receipt;
import com.elephantasm.events.log.Sent;
import com.elephantasm.events.log.Way;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;

/** Publishes a change and says what became of it, as the client prefers: waits for the store, or does not. */
public final class Publication {
  /** Where the way into the log is full, others have to wait already. */
  private static final Duration AT_ONCE = Duration.ZERO;

  private final ChangeLog log;
  private final Admission admission;
  private final HttpSettings settings;

  Publication(ChangeLog log, Admission admission, HttpSettings settings) {
    this.log = log;
    this.admission = admission;
    this.settings = settings;
  }

  /**
   * Blocks until the change is stored, the log has it and the time is up, or it has failed. Where as many requests wait for the
   * store as may, it does not wait. The response carries the {@link ConsistencyToken} of the change, unless {@code settled}
   * throws a problem.
   *
   * @param settled the response where the writer has said what became of it; for what it refused, see {@link #refusal}
   * @return that response, or 202 with a receipt
   * @throws com.elephantasm.events.log.LogUnavailableException answered with 503 and Retry-After
   * @throws com.elephantasm.events.log.ChangeTooLargeException answered with 413
   */
  public ResponseEntity<?> publish(Change change, Prefer prefer, Function<Outcome, ResponseEntity<?>> settled) {
    Duration wait = prefer.granted(settings);
    if (wait.isZero()) {
      return accepted(change, log.send(change, way(change), AT_ONCE).receipt(), prefer);
    }
    long deadline = System.nanoTime() + wait.toNanos();
    try (Sent<Outcome> sent = log.send(change, way(change), AT_ONCE, outcome -> outcome)) {
      Receipt receipt = sent.receipt();
      return admission.waiting(() -> sent.outcome(deadline)).flatMap(outcome -> outcome)
          .<ResponseEntity<?>>map(
              outcome -> withHeaders(settled.apply(outcome), receipt, prefer.applied(settings, false)))
          .orElseGet(() -> accepted(change, receipt, prefer));
    }
  }

  private ResponseEntity<?> accepted(Change change, Receipt receipt, Prefer prefer) {
    ResponseEntity<?> response = ResponseEntity.accepted().location(location(change))
        .body(Accepted.of(subject(change), receipt.position()));
    return withHeaders(response, receipt, prefer.applied(settings, true));
  }

  private static ResponseEntity<?> withHeaders(ResponseEntity<?> response, Receipt receipt, String preferencesApplied) {
    ResponseEntity.BodyBuilder more = ResponseEntity.status(response.getStatusCode()).headers(response.getHeaders())
        .header(ConsistencyToken.HEADER, ConsistencyToken.of(receipt.position()).encoded());
    if (!preferencesApplied.isEmpty()) {
      more.header(Prefer.APPLIED, preferencesApplied);
    }
    return more.body(response.getBody());
  }

  private static Way way(Change change) {
    return switch (change) {
      case Change.SpiritCreated _,Change.SpiritAmended _ -> Way.SPIRIT;
      case Change.EventCreated _ -> Way.EVENT;
      case Change.EventAmended _ -> Way.AMENDMENT;
    };
  }

  private static URI location(Change change) {
    return switch (change) {
      case Change.SpiritCreated created -> Locations.of(created.spiritId());
      case Change.SpiritAmended amended -> Locations.of(amended.spiritId());
      case Change.EventCreated created -> Locations.of(created.id());
      case Change.EventAmended amended -> Locations.of(amended.eventId());
    };
  }

  private static UUID subject(Change change) {
    return switch (change) {
      case Change.SpiritCreated created -> created.spiritId().value();
      case Change.SpiritAmended amended -> amended.spiritId().value();
      case Change.EventCreated created -> created.id().value();
      case Change.EventAmended amended -> amended.eventId().value();
    };
  }

  /** What the client is told of a change that the writer refused. */
  public static Problem refusal(Outcome.Rejected rejected) {
    return switch (rejected.reason()) {
      case UNKNOWN_SPIRIT, DELETED_SPIRIT -> Problem.of(ProblemType.UNKNOWN_SPIRIT, rejected.detail());
      case UNKNOWN_EVENT -> Problem.of(ProblemType.UNKNOWN_EVENT, rejected.detail());
      case CONFLICT ->
        Problem.of(ProblemType.DEDUPE_KEY_REUSED, rejected.detail()).with("event_id", rejected.subject().toString());
      // The service has checked it before, so these tell of a writer with other rules: an older one, or PostgreSQL itself.
      case MALFORMED, INVALID, UNSUPPORTED_TYPE, REFUSED -> Problem.of(ProblemType.INVALID, rejected.detail());
    };
  }

  /** For outcomes that the change at hand cannot have. */
  public static IllegalStateException unexpected(Outcome outcome) {
    return new IllegalStateException("the writer answered with an outcome of another kind of change: "
        + outcome.getClass().getSimpleName() + " of " + outcome.subject());
  }
}
