package com.elephantasm.events.writer.replay;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.schema.Violation;
import com.elephantasm.events.writer.query.NextLink;
import com.elephantasm.events.writer.query.Page;
import com.elephantasm.events.writer.query.QueryParameters;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.query.VisibleSpirits;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Replays over HTTP. Who may see some spirits only asks for, and sees, replays of one of these. */
@RestController
@ConditionalOnWebApplication
@RequestMapping("/api/v1/replays")
final class ReplayController {
  private static final String RETRY_AFTER_SECONDS = "5";
  private static final List<String> STATES = Arrays.stream(ReplayState.values()).map(ReplayState::wireName).toList();

  private final ReplayDesk desk;
  private final ReplayStreams streams;
  private final ReadTransactions transactions;
  private final LogSettings log;

  ReplayController(ReplayDesk desk, ReplayStreams streams, ReadTransactions transactions, LogSettings log) {
    this.desk = desk;
    this.streams = streams;
    this.transactions = transactions;
    this.log = log;
  }

  @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ObjectNode> request(JsonBody body, Caller caller) throws InterruptedException {
    ReplayRequest request = read(body);
    if (request.agentId() != null) {
      caller.require(request.agentId());
    } else if (caller.spirits().isPresent()) {
      throw invalid(new Violation("/agent_id", "is required, as your key is for some spirits only"));
    }
    Replay replay = add(request, caller);
    return ResponseEntity.created(URI.create("/api/v1/replays/" + replay.id())).body(ReplayJson.of(replay));
  }

  private ReplayRequest read(JsonBody body) {
    try {
      return ReplayRequests.read(body.bytes(), log.topic());
    } catch (JacksonException e) {
      throw JsonBody.malformed(e.getOriginalMessage());
    } catch (ImpossibleReplayException e) {
      throw invalid(e.violations());
    }
  }

  /** Kafka is asked for the offsets, so this is not within a transaction of the database. */
  private Replay add(ReplayRequest request, Caller caller) throws InterruptedException {
    try {
      return desk.request(request, caller.equals(Caller.ANYONE) ? null : caller.name());
    } catch (ImpossibleReplayException e) {
      throw invalid(e.violations());
    } catch (KafkaException _) {
      throw Problem.of(ProblemType.LOG_UNAVAILABLE, "Kafka does not say what there is to read; ask again")
          .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).asException();
    } catch (DataAccessException | TransactionException e) {
      return transactions.unlessAway(() -> {
        throw e;
      });
    }
  }

  private static ProblemException invalid(Violation violation) {
    return invalid(List.of(violation));
  }

  private static ProblemException invalid(List<Violation> violations) {
    return Problem.invalid(violations.stream().map(InvalidInput::body).toList()).asException();
  }

  @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<List<ObjectNode>> list(@RequestParam MultiValueMap<String, String> given, Caller caller,
      HttpServletRequest request) {
    QueryParameters parameters = new QueryParameters(given);
    String state = parameters.choice("state", STATES);
    Integer asked = parameters.limit();
    UUID before = parameters.cursor(ReplayController::cursor);
    parameters.requireValid();
    int limit = asked == null ? Page.DEFAULT_LIMIT : asked;
    List<Replay> found = transactions.unlessAway(
        () -> desk.list(state == null ? null : ReplayState.of(state), before, VisibleSpirits.of(caller), limit + 1));
    List<ObjectNode> shown = found.stream().limit(limit).map(ReplayJson::of).toList();
    ResponseEntity.BodyBuilder response = ResponseEntity.ok();
    if (found.size() > limit) {
      response.header(HttpHeaders.LINK, NextLink.of(request, given, found.get(limit - 1).id().toString()));
    }
    return response.body(shown);
  }

  private static @Nullable UUID cursor(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  ObjectNode show(@PathVariable UUID id, @RequestParam MultiValueMap<String, String> given, Caller caller) {
    new QueryParameters(given).requireValid();
    return ReplayJson.of(find(id, caller));
  }

  private Replay find(UUID id, Caller caller) {
    return transactions.unlessAway(() -> desk.find(id)).filter(replay -> maySee(caller, replay))
        .orElseThrow(() -> Problem.of(ProblemType.NOT_FOUND, "there is no such replay").asException());
  }

  private static boolean maySee(Caller caller, Replay replay) {
    return caller.spirits().isEmpty()
        || replay.request().agentId() != null && caller.maySee(replay.request().agentId());
  }

  @PostMapping(path = "/{id}/pause", produces = MediaType.APPLICATION_JSON_VALUE)
  ObjectNode pause(@PathVariable UUID id, Caller caller) {
    return change(id, caller, desk::pause);
  }

  @PostMapping(path = "/{id}/resume", produces = MediaType.APPLICATION_JSON_VALUE)
  ObjectNode resume(@PathVariable UUID id, Caller caller) {
    return change(id, caller, desk::resume);
  }

  @PostMapping(path = "/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
  ObjectNode cancel(@PathVariable UUID id, Caller caller) {
    return change(id, caller, desk::cancel);
  }

  @PatchMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
  ObjectNode throttle(@PathVariable UUID id, JsonBody body, Caller caller) {
    Replay replay = find(id, caller);
    Long throttle;
    try {
      throttle = ReplayRequests.readThrottle(body.bytes());
    } catch (JacksonException e) {
      throw JsonBody.malformed(e.getOriginalMessage());
    } catch (ImpossibleReplayException e) {
      throw invalid(e.violations());
    }
    return change(replay.id(), caller, each -> desk.throttle(each, throttle));
  }

  private ObjectNode change(UUID id, Caller caller, Consumer<UUID> change) {
    Replay replay = find(id, caller);
    try {
      transactions.unlessAway(() -> {
        change.accept(replay.id());
        return true;
      });
    } catch (ReplayStateException e) {
      throw Problem.of(ProblemType.REPLAY_STATE, String.valueOf(e.getMessage())).with("state", e.state().wireName())
          .asException();
    }
    return ReplayJson.of(find(id, caller));
  }

  @GetMapping("/{id}/stream")
  void stream(@PathVariable UUID id, @RequestParam MultiValueMap<String, String> given, HttpMethod method,
      Caller caller, HttpServletResponse response) throws InterruptedException {
    new QueryParameters(given).requireValid();
    Replay replay = find(id, caller);
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    if (!method.equals(HttpMethod.HEAD)) {
      streams.show(replay, response);
    }
  }
}
