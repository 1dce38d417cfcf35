package com.elephantasm.events.ingest;

import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Locations;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.Publication;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritAmendment;
import com.elephantasm.events.schema.SpiritId;
import java.util.UUID;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes new spirits and changes of spirits. */
@RestController
@RequestMapping(path = "/api/v1/spirits", produces = MediaType.APPLICATION_JSON_VALUE)
final class SpiritIntake {
  private final Publication publication;

  SpiritIntake(Publication publication) {
    this.publication = publication;
  }

  @PostMapping
  ResponseEntity<?> create(JsonBody body, Prefer prefer, Caller caller) {
    if (caller.spirits().isPresent()) {
      throw Problem.of(ProblemType.FORBIDDEN, "the caller may use some spirits only, and a new one is none of them")
          .asException();
    }
    return create(new SpiritId(UUID.randomUUID()), body, prefer);
  }

  @PutMapping("/{id}")
  ResponseEntity<?> put(@PathVariable SpiritId id, JsonBody body, Prefer prefer, Caller caller) {
    caller.require(id);
    return create(id, body, prefer);
  }

  private ResponseEntity<?> create(SpiritId id, JsonBody body, Prefer prefer) {
    NewSpirit spirit = body.read(NewSpirit::fromJson);
    return publication.publish(new Change.SpiritCreated(id, spirit), prefer, SpiritIntake::stored);
  }

  @PatchMapping("/{id}")
  ResponseEntity<?> amend(@PathVariable SpiritId id, JsonBody body, Prefer prefer, Caller caller) {
    caller.require(id);
    SpiritAmendment amendment = body.read(SpiritAmendment::fromJson);
    return publication.publish(new Change.SpiritAmended(id, amendment), prefer, SpiritIntake::stored);
  }

  @DeleteMapping("/{id}")
  ResponseEntity<?> delete(@PathVariable SpiritId id, Prefer prefer, Caller caller) {
    caller.require(id);
    Change deletion = new Change.SpiritAmended(id, SpiritAmendment.deletion());
    return publication.publish(deletion, prefer, outcome -> {
      stored(outcome);
      return ResponseEntity.noContent().build();
    });
  }

  private static ResponseEntity<Spirit> stored(Outcome outcome) {
    return switch (outcome) {
      case Outcome.SpiritStored(Spirit spirit) -> ResponseEntity.created(Locations.of(spirit.id())).body(spirit);
      case Outcome.SpiritAmended(Spirit spirit) -> ResponseEntity.ok(spirit);
      case Outcome.Rejected rejected -> throw Publication.refusal(rejected).asException();
      case Outcome.EventStored _,Outcome.EventDuplicate _,Outcome.EventAmended _ ->
        throw Publication.unexpected(outcome);
    };
  }
}
