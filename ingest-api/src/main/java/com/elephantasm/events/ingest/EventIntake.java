package com.elephantasm.events.ingest;

import com.elephantasm.events.http.ContentType;
import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Locations;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.Publication;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.CloudEvent;
import com.elephantasm.events.schema.CloudEventContext;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes new events. */
@RestController
@RequestMapping(path = "/api/v1/events", produces = MediaType.APPLICATION_JSON_VALUE)
final class EventIntake {
  private final Publication publication;
  private final EventChanges changes;

  EventIntake(Publication publication, EventChanges changes) {
    this.publication = publication;
    this.changes = changes;
  }

  /** Plain, or a CloudEvent in binary mode. */
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<?> create(JsonBody body, Prefer prefer, Caller caller, HttpServletRequest request) {
    if (BinaryCloudEvent.isIn(request)) {
      return publish(BinaryCloudEvent.read(request, body), prefer, caller, request);
    }
    return publish(body.read(NewEvent::fromJson), null, prefer, caller, request);
  }

  /** A CloudEvent in structured mode; headers may repeat its attributes, and the body counts. */
  @PostMapping(consumes = EventChanges.CLOUD_EVENT)
  ResponseEntity<?> createFromCloudEvent(@ContentType(EventChanges.CLOUD_EVENT) JsonBody body, Prefer prefer,
      Caller caller,
      HttpServletRequest request) {
    return publish(body.read(CloudEvent::newEventFromJson), prefer, caller, request);
  }

  private ResponseEntity<?> publish(CloudEvent<NewEvent> sent, Prefer prefer, Caller caller,
      HttpServletRequest request) {
    return publish(sent.data(), sent.context(), prefer, caller, request);
  }

  /** Publishes an event, however it came. */
  private ResponseEntity<?> publish(NewEvent event, @Nullable CloudEventContext context, Prefer prefer, Caller caller,
      HttpServletRequest request) {
    caller.require(event.agentId());
    DedupeKey header = IdempotencyKey.of(request);
    if (header == null) {
      return publication.publish(changes.of(event, context), prefer, EventIntake::settled);
    }
    return publication.publish(changes.of(withKey(event, header), context), prefer, EventIntake::settledByHeader);
  }

  private static NewEvent withKey(NewEvent event, DedupeKey header) {
    DedupeKey body = event.dedupeKey();
    if (body != null && !body.equals(header)) {
      throw Problem.invalid(InvalidInput.header(IdempotencyKey.HEADER,
          "must be equal to the dedupe_key of the body, where both are given")).asException();
    }
    return event.withDedupeKey(header);
  }

  private static ResponseEntity<?> settled(Outcome outcome) {
    return switch (outcome) {
      case Outcome.EventStored(Event event) -> created(event);
      case Outcome.EventDuplicate(Event original) -> throw duplicate(original.id()).asException();
      case Outcome.Rejected rejected -> throw refusal(rejected).asException();
      case Outcome.EventAmended _,Outcome.SpiritStored _,Outcome.SpiritAmended _ ->
        throw Publication.unexpected(outcome);
    };
  }

  /** draft-ietf-httpapi-idempotency-key-header: the first answer again, and 422 where the payload is another. */
  private static ResponseEntity<?> settledByHeader(Outcome outcome) {
    return switch (outcome) {
      case Outcome.EventStored(Event event) -> created(event);
      case Outcome.EventDuplicate(Event original) -> created(original);
      case Outcome.Rejected rejected when rejected.reason() == RejectionReason.CONFLICT ->
        throw refusal(rejected).withStatus(HttpStatus.UNPROCESSABLE_CONTENT).asException();
      case Outcome.Rejected rejected -> throw refusal(rejected).asException();
      case Outcome.EventAmended _,Outcome.SpiritStored _,Outcome.SpiritAmended _ ->
        throw Publication.unexpected(outcome);
    };
  }

  private static ResponseEntity<Event> created(Event event) {
    return ResponseEntity.created(Locations.of(event.id())).body(event);
  }

  static Problem duplicate(EventId original) {
    return pointingTo(Locations.of(original), Problem.of(ProblemType.DUPLICATE_EVENT,
        "the event is stored already, as " + original).with("event_id", original.toString()));
  }

  static Problem refusal(Outcome.Rejected rejected) {
    Problem problem = Publication.refusal(rejected);
    return rejected.reason() == RejectionReason.CONFLICT
        ? pointingTo(Locations.of(new EventId(rejected.subject())), problem)
        : problem;
  }

  private static Problem pointingTo(URI original, Problem problem) {
    return problem.withHeader(HttpHeaders.LOCATION, original.toString());
  }
}
