package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.writer.query.NextLink;
import com.elephantasm.events.writer.query.Page;
import com.elephantasm.events.writer.query.QueryParameters;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads of dead letters and of what was done about them. */
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
final class DeadLetterController {
  private static final List<String> OPEN_FIRST = List.of("open", "redriven", "discarded", LetterFilter.ALL);
  private static final List<String> ALL_FIRST = List.of(LetterFilter.ALL, "open", "redriven", "discarded");
  /** The most redrives that are shown with a letter. */
  private static final int REDRIVES = 100;

  private final DeadLetterQueries letters;
  private final RedriveQueries redrives;

  DeadLetterController(DeadLetterQueries letters, RedriveQueries redrives) {
    this.letters = letters;
    this.redrives = redrives;
  }

  @GetMapping
  ResponseEntity<List<DeadLetter>> list(@RequestParam MultiValueMap<String, String> given, Caller caller,
      HttpServletRequest request) {
    QueryParameters parameters = new QueryParameters(given);
    LetterFilter filter = LetterFilter.read(parameters, caller, OPEN_FIRST);
    Integer limit = parameters.limit();
    LetterCursor after = parameters.cursor(LetterCursor::decode);
    parameters.requireValid();
    filter.requireVisible();
    return page(letters.page(filter, after, limit == null ? Page.DEFAULT_LIMIT : limit), request, given);
  }

  private static <T> ResponseEntity<List<T>> page(Page<T> page, HttpServletRequest request,
      MultiValueMap<String, String> given) {
    ResponseEntity.BodyBuilder response = ResponseEntity.ok();
    if (page.next() != null) {
      response.header(HttpHeaders.LINK, NextLink.of(request, given, page.next()));
    }
    return response.body(page.items());
  }

  @GetMapping("/counts")
  Counts count(@RequestParam MultiValueMap<String, String> given, Caller caller) {
    QueryParameters parameters = new QueryParameters(given);
    LetterFilter filter = LetterFilter.read(parameters, caller, ALL_FIRST);
    parameters.requireValid();
    filter.requireVisible();
    return letters.counts(filter);
  }

  @GetMapping("/{id}")
  WithRecord find(@PathVariable long id, @RequestParam MultiValueMap<String, String> given, Caller caller) {
    new QueryParameters(given).requireValid();
    DeadLetterQueries.Found found = letters.findWithRecord(id, caller).orElseThrow(DeadLetterController::unknown);
    return new WithRecord(found.letter(), RawRecord.of(found.record()),
        redrives.page(new RedriveQueries.Filter(caller, null, id, null, null), REDRIVES).items());
  }

  /** @param redrives the newest first */
  record WithRecord(@JsonUnwrapped DeadLetter letter, RawRecord record, List<RedriveState> redrives) {}

  @GetMapping("/redrives")
  ResponseEntity<List<RedriveState>> redrives(@RequestParam MultiValueMap<String, String> given, Caller caller,
      HttpServletRequest request) {
    QueryParameters parameters = new QueryParameters(given);
    RedriveCursor after = parameters.cursor(RedriveCursor::decode);
    RedriveQueries.Filter filter = new RedriveQueries.Filter(caller, parameters.uuid("run"),
        parameters.number("dead_letter_id", 0, Long.MAX_VALUE), parameters.choice("state", RedriveState.STATES),
        after == null ? null : after.id());
    @Nullable
    Integer limit = parameters.limit();
    parameters.requireValid();
    return page(redrives.page(filter, limit == null ? Page.DEFAULT_LIMIT : limit), request, given);
  }

  /** Not with the id: what the caller may not see and what is not there are answered alike. */
  static ProblemException unknown() {
    return Problem.of(ProblemType.NOT_FOUND, "there is no such dead letter").asException();
  }
}
