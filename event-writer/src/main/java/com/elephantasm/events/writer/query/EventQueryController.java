package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads of events. */
@RestController
@RequestMapping(path = "/api/v1/events", produces = MediaType.APPLICATION_JSON_VALUE)
final class EventQueryController {
  private final EventQueries events;
  private final SessionStreams streams;
  private final AwaitedEvents awaited;
  private final Admission admission;
  private final HttpSettings settings;

  EventQueryController(EventQueries events, SessionStreams streams, AwaitedEvents awaited, Admission admission,
      HttpSettings settings) {
    this.events = events;
    this.streams = streams;
    this.awaited = awaited;
    this.admission = admission;
    this.settings = settings;
  }

  @GetMapping
  void list(@RequestParam MultiValueMap<String, String> given, Caller caller, HttpServletRequest request,
      HttpServletResponse response) throws IOException {
    QueryParameters parameters = new QueryParameters(given);
    EventFilter filter = EventFilter.read(parameters);
    EventWindow window = EventWindow.read(parameters, filter.order());
    parameters.requireValid();
    caller.require(filter.agentId());
    if (window.limit() == null && filter.sessionId() != null) {
      streams.write(filter, window, response);
      return;
    }
    Page<Event> page = events.page(filter, window, window.limit() == null ? Page.DEFAULT_LIMIT : window.limit());
    if (page.next() != null) {
      response.setHeader(HttpHeaders.LINK, NextLink.of(request, given, page.next()));
    }
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    EventArrayWriter array = new EventArrayWriter(response.getOutputStream());
    page.items().forEach(array::write);
    array.end();
  }

  @GetMapping("/count")
  Count count(@RequestParam MultiValueMap<String, String> given, Caller caller) {
    QueryParameters parameters = new QueryParameters(given);
    EventFilter filter = EventFilter.read(parameters);
    parameters.requireValid();
    caller.require(filter.agentId());
    return new Count(events.count(filter));
  }

  /**
   * Waits for an event that is not there yet only where the client says for how long; not with a token, as that was waited for,
   * and the event is as it is then.
   */
  @GetMapping("/{id}")
  Event find(@PathVariable EventId id, @RequestParam MultiValueMap<String, String> given, Caller caller, Prefer prefer,
      @RequestHeader(name = ConsistencyToken.HEADER, required = false) @Nullable String token,
      HttpServletResponse response) {
    QueryParameters parameters = new QueryParameters(given);
    boolean includeDeleted = parameters.flag("include_deleted");
    parameters.requireValid();
    caller.require(id);
    Duration wait = Duration.ZERO;
    if (prefer.waitTime() != null && token == null) {
      wait = prefer.granted(settings);
      response.setHeader(Prefer.APPLIED, prefer.applied(settings, false));
    }
    return find(id, caller, event -> (includeDeleted || !event.isDeleted()) && caller.maySee(event.agentId()), wait)
        .orElseThrow(() -> Problem.of(ProblemType.UNKNOWN_EVENT, "there is no event " + id).asException());
  }

  private Optional<Event> find(EventId id, Caller caller, Predicate<EventOwner> shown, Duration wait) {
    return wait.isZero()
        ? awaited.find(id, caller, shown, wait)
        : admission.waitingOrRefused(() -> awaited.find(id, caller, shown, wait));
  }

  /** Thrown again, past what turns exceptions into answers: only the container can break the connection. */
  @ExceptionHandler
  void breakOff(BrokenOffException e) {
    throw e;
  }

  record Count(long count) {}
}
