package com.elephantasm.events.writer.tail;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.writer.query.EventFilter;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The live tail of a spirit's events. */
@RestController
final class TailController {
  static final String PATH = "/api/v1/events/stream";

  private final Tails tails;

  TailController(Tails tails) {
    this.tails = tails;
  }

  /** Takes every {@code Accept}: where another one did not match, the request would go to the event whose id is "stream". */
  @GetMapping(PATH)
  void stream(@RequestParam MultiValueMap<String, String> given,
      @RequestHeader(name = "Accept", required = false) @Nullable String accept,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId, HttpMethod method,
      Caller caller, HttpServletResponse response)
      throws HttpMediaTypeNotAcceptableException, InterruptedException {
    requireAcceptable(accept);
    EventFilter filter = EventFilter.of(given);
    caller.require(filter.agentId());
    TailCursor start = lastEventId == null || lastEventId.isEmpty() ? null : cursor(lastEventId);
    if (method.equals(HttpMethod.HEAD)) {
      response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    } else {
      tails.show(filter, start, response);
    }
  }

  private static void requireAcceptable(@Nullable String accept) throws HttpMediaTypeNotAcceptableException {
    List<MediaType> accepted = MediaType.parseMediaTypes(accept);
    if (!accepted.isEmpty() && accepted.stream().noneMatch(type -> type.includes(MediaType.TEXT_EVENT_STREAM))) {
      throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.TEXT_EVENT_STREAM));
    }
  }

  private static TailCursor cursor(String lastEventId) {
    TailCursor cursor = TailCursor.decode(lastEventId);
    if (cursor == null) {
      throw Problem.of(ProblemType.BAD_REQUEST,
          "header Last-Event-ID is not the id of an event of this stream; leave it out to begin with what is new")
          .asException();
    }
    return cursor;
  }
}
