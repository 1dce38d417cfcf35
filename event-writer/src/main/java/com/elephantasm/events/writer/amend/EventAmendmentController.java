package com.elephantasm.events.writer.amend;

import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.Publication;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventAmendment;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.FieldChange;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.writer.query.EventQueries;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Changes of stored events. They go through the log like everything else; the store is only asked which spirit the event
 * belongs to, as that is the key of its records.
 */
@RestController
@RequestMapping(path = "/api/v1/events/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
final class EventAmendmentController {
  private final EventQueries events;
  private final Publication publication;

  EventAmendmentController(EventQueries events, Publication publication) {
    this.events = events;
    this.publication = publication;
  }

  @PatchMapping
  ResponseEntity<?> amend(@PathVariable EventId id, JsonBody body, Prefer prefer, Caller caller) {
    EventAmendment amendment = body.read(EventAmendment::fromJson);
    Event event = find(id, caller);
    // Reads show a deleted event as absent, so a change does too, unless it is the one that brings it back.
    if (event.isDeleted() && !amendment.isDeleted().equals(new FieldChange.SetTo<>(false))) {
      throw unknown(id);
    }
    return publish(event, amendment, prefer, ResponseEntity::ok);
  }

  /** Published even where the event is deleted already: a change that brings it back may be on its way. */
  @DeleteMapping
  ResponseEntity<?> delete(@PathVariable EventId id, Prefer prefer, Caller caller) {
    return publish(find(id, caller), EventAmendment.deletion(), prefer, _ -> ResponseEntity.noContent().build());
  }

  private Event find(EventId id, Caller caller) {
    return events.find(id, caller).orElseThrow(() -> unknown(id));
  }

  private static ProblemException unknown(EventId id) {
    return Problem.of(ProblemType.UNKNOWN_EVENT, "there is no event " + id).asException();
  }

  private ResponseEntity<?> publish(Event event, EventAmendment amendment, Prefer prefer,
      Function<Event, ResponseEntity<?>> amended) {
    Change change = new Change.EventAmended(event.agentId(), event.id(), amendment);
    return publication.publish(change, prefer, outcome -> switch (outcome) {
      case Outcome.EventAmended(Event stored) -> amended.apply(stored);
      case Outcome.Rejected rejected -> throw Publication.refusal(rejected).asException();
      case Outcome.EventStored _,Outcome.EventDuplicate _,Outcome.SpiritStored _,Outcome.SpiritAmended _ ->
        throw Publication.unexpected(outcome);
    });
  }
}
