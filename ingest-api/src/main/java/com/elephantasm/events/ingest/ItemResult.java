package com.elephantasm.events.ingest;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JsonGenerator;

/**
 * What became of one event of a batch: what a request of its own would have been answered with, in short.
 *
 * @param id of the event; null where there is a problem
 */
record ItemResult(int status, @Nullable EventId id, @Nullable Problem problem) {
  static ItemResult accepted(EventId id) {
    return new ItemResult(HttpStatus.ACCEPTED.value(), id, null);
  }

  static ItemResult failed(Problem problem) {
    return new ItemResult(problem.status(), null, problem);
  }

  /** Never throws: it is called where outcomes are read. */
  static ItemResult of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.EventStored(Event event) -> new ItemResult(HttpStatus.CREATED.value(), event.id(), null);
      case Outcome.EventDuplicate(Event original) -> failed(EventIntake.duplicate(original.id()));
      case Outcome.Rejected rejected -> failed(EventIntake.refusal(rejected));
      case Outcome.EventAmended _,Outcome.SpiritStored _,Outcome.SpiritAmended _ ->
        failed(Problem.of(ProblemType.INTERNAL, "the writer answered with an outcome of another kind of change"));
    };
  }

  boolean isSuccess() {
    return problem == null;
  }

  /** @param place what the position of an item is called: its index in an array or its line */
  void write(JsonGenerator json, String place, long position) {
    json.writeStartObject();
    json.writeNumberProperty(place, position);
    json.writeNumberProperty("status", status);
    if (id != null) {
      json.writeStringProperty("id", id.toString());
    }
    if (problem != null) {
      write(problem, json);
    }
    json.writeEndObject();
  }

  private static void write(Problem problem, JsonGenerator json) {
    json.writeStringProperty("type", problem.type().toString());
    json.writeStringProperty("detail", problem.detail());
    if (problem.members().get("event_id") instanceof String eventId) {
      json.writeStringProperty("event_id", eventId);
    }
    if (!problem.errors().isEmpty()) {
      json.writeArrayPropertyStart("errors");
      for (InvalidInput error : problem.errors()) {
        json.writeStartObject();
        json.writeStringProperty("in", error.in());
        json.writeStringProperty("pointer", error.pointer());
        json.writeStringProperty("message", error.message());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
