package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reads of spirits. */
@RestController
@RequestMapping(path = "/api/v1/spirits", produces = MediaType.APPLICATION_JSON_VALUE)
final class SpiritQueryController {
  private final SpiritQueries spirits;

  SpiritQueryController(SpiritQueries spirits) {
    this.spirits = spirits;
  }

  @GetMapping
  ResponseEntity<List<Spirit>> list(@RequestParam MultiValueMap<String, String> given, Caller caller,
      HttpServletRequest request) {
    QueryParameters parameters = new QueryParameters(given);
    boolean includeDeleted = parameters.flag("include_deleted");
    SpiritCursor after = parameters.cursor(SpiritCursor::decode);
    long offset = parameters.offset();
    Integer limit = parameters.limit();
    parameters.requireValid();
    Page<Spirit> page = spirits.page(caller, includeDeleted, after, offset, limit == null ? Page.DEFAULT_LIMIT : limit);
    ResponseEntity.BodyBuilder response = ResponseEntity.ok();
    if (page.next() != null) {
      response.header(HttpHeaders.LINK, NextLink.of(request, given, page.next()));
    }
    return response.body(page.items());
  }

  @GetMapping("/{id}")
  Spirit find(@PathVariable SpiritId id, @RequestParam MultiValueMap<String, String> given, Caller caller) {
    QueryParameters parameters = new QueryParameters(given);
    boolean includeDeleted = parameters.flag("include_deleted");
    parameters.requireValid();
    caller.require(id);
    return spirits.find(id).filter(spirit -> includeDeleted || !spirit.isDeleted())
        .orElseThrow(() -> Problem.of(ProblemType.UNKNOWN_SPIRIT, "there is no spirit " + id).asException());
  }
}
