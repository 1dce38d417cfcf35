package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.EventId;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Says what became of an event, stored or not. */
@RestController
@RequestMapping(path = "/api/v1/events/{id}/status", produces = MediaType.APPLICATION_JSON_VALUE)
final class EventStatusController {
  private final EventStatusQueries statuses;

  EventStatusController(EventStatusQueries statuses) {
    this.statuses = statuses;
  }

  @GetMapping
  EventStatus status(@PathVariable EventId id, @RequestParam MultiValueMap<String, String> given, Caller caller) {
    new QueryParameters(given).requireValid();
    return caller.maySee(id) ? statuses.find(id, caller.spirits()) : new EventStatus.Unknown(id.value(), List.of());
  }
}
