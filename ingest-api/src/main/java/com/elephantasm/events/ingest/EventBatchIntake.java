package com.elephantasm.events.ingest;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.BrokenBodyException;
import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.http.RequestBodies;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.log.ChangeLog;
import com.elephantasm.events.log.RecordTraces;
import com.elephantasm.events.log.Way;
import io.opentelemetry.context.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes many new events at once. Unlike a single one, they are answered when the log has them, unless the client wants to wait. */
@RestController
@RequestMapping("/api/v1/events/batch")
final class EventBatchIntake {
  static final String NDJSON = "application/x-ndjson";
  private static final String RETURN_MINIMAL = "return=minimal";

  private final Admission admission;
  private final RequestBodies bodies;
  private final Rejections rejections;
  private final ChangeLog log;
  private final EventChanges changes;
  private final Uploads uploads;
  private final IngestSettings settings;
  private final HttpSettings http;

  EventBatchIntake(Admission admission, RequestBodies bodies, Rejections rejections, ChangeLog log,
      EventChanges changes,
      Uploads uploads, IngestSettings settings, HttpSettings http) {
    this.admission = admission;
    this.bodies = bodies;
    this.rejections = rejections;
    this.log = log;
    this.changes = changes;
    this.uploads = uploads;
    this.settings = settings;
    this.http = http;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> array(Prefer prefer, Caller caller, HttpServletRequest request, HttpServletResponse response) {
    return publishArray(MediaType.APPLICATION_JSON, changes::read, prefer, caller, request, response);
  }

  /** CloudEvents in batched mode. */
  @PostMapping(consumes = EventChanges.CLOUD_EVENTS, produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> cloudEvents(Prefer prefer, Caller caller, HttpServletRequest request,
      HttpServletResponse response) {
    return publishArray(MediaType.parseMediaType(EventChanges.CLOUD_EVENTS), changes::readCloudEvent, prefer, caller,
        request, response);
  }

  @PostMapping(consumes = NDJSON, produces = NDJSON)
  void lines(Prefer prefer, Caller caller, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    publishLines(MediaType.APPLICATION_NDJSON, changes::read, prefer, caller, request, response);
  }

  private ResponseEntity<byte[]> publishArray(MediaType type, EventReader reader, Prefer prefer, Caller caller,
      HttpServletRequest request, HttpServletResponse response) {
    bodies.requireType(request, List.of(type));
    refuseIdempotencyKey(request);
    Duration wait = prefer.grantedToBatch(http);
    EventArray events = EventArray.read(bodies.read(request, settings.maxBatchSize()), settings.maxBatchItems());
    setApplied(prefer.appliedToBatch(http), response);
    BatchPublication publication = new BatchPublication(log, Way.BATCH, rejections, reader, caller, wait, http);
    try (Scope _ = RecordTraces.ofManyRecords().makeCurrent()) {
      if (wait.isZero()) {
        return events.publish(publication, settings.window(), System.nanoTime());
      }
      long deadline = System.nanoTime() + wait.toNanos();
      return admission.waitingOrRefused(() -> events.publish(publication, settings.window(), deadline));
    }
  }

  private void publishLines(MediaType type, EventReader reader, Prefer prefer, Caller caller,
      HttpServletRequest request, HttpServletResponse response) throws IOException {
    bodies.requireType(request, List.of(type));
    refuseIdempotencyKey(request);
    BatchPublication publication = new BatchPublication(log, Way.NDJSON, rejections, reader, caller,
        prefer.grantedToBatch(http), http);
    setApplied(appliedToLines(prefer), response);
    try (InputStream body = bodies.open(request); Scope _ = RecordTraces.ofManyRecords().makeCurrent()) {
      uploads.run(new Upload(body, publication, new Receipts(response), prefer.returnMinimal(), settings));
    } catch (BrokenBodyException e) {
      throw e.problem().asException();
    }
  }

  private String appliedToLines(Prefer prefer) {
    String applied = prefer.appliedToBatch(http);
    if (!prefer.returnMinimal()) {
      return applied;
    }
    return applied.isEmpty() ? RETURN_MINIMAL : applied + ", " + RETURN_MINIMAL;
  }

  private static void setApplied(String applied, HttpServletResponse response) {
    if (!applied.isEmpty()) {
      response.setHeader(Prefer.APPLIED, applied);
    }
  }

  private static void refuseIdempotencyKey(HttpServletRequest request) {
    if (request.getHeader(IdempotencyKey.HEADER) != null) {
      throw Problem.invalid(InvalidInput.header(IdempotencyKey.HEADER,
          "names one event and not a batch; give each event a dedupe_key")).asException();
    }
  }
}
