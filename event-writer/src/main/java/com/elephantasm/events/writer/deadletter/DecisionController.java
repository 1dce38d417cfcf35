package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.log.LogUnavailableException;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.TimeOrderedId;
import com.elephantasm.events.schema.UnknownFields;
import com.elephantasm.events.schema.Violation;
import com.elephantasm.events.writer.deadletter.DeadLetterQueries.Next;
import com.elephantasm.events.writer.query.QueryParameters;
import com.elephantasm.events.writer.query.ReadTransactions;
import com.elephantasm.events.writer.store.Decisions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** Does with dead letters what an operator decides: one, or those that meet a filter. */
@RestController
@RequestMapping(path = "/api/v1/dead-letters", produces = MediaType.APPLICATION_JSON_VALUE)
final class DecisionController {
  private static final long DEFAULT_LIMIT = 1000;
  private static final long MAX_LIMIT = 100_000;
  private static final int DISCARDED_AT_ONCE = 1000;
  private static final int LONGEST_NOTE = 1000;

  private final DeadLetterQueries letters;
  private final RedriveQueries redrives;
  private final Redriver redriver;
  private final Decisions decisions;
  private final ReadTransactions transactions;
  private final HttpSettings http;
  private final DeadLetterSettings settings;
  private final Clock clock;

  DecisionController(DeadLetterQueries letters, RedriveQueries redrives, Redriver redriver, Decisions decisions,
      ReadTransactions transactions, HttpSettings http, DeadLetterSettings settings, Clock clock) {
    this.letters = letters;
    this.redrives = redrives;
    this.redriver = redriver;
    this.decisions = decisions;
    this.transactions = transactions;
    this.http = http;
    this.settings = settings;
    this.clock = clock;
  }

  @PostMapping("/{id}/redrive")
  ResponseEntity<RedriveState> redrive(@PathVariable long id, Optional<JsonBody> body, Prefer prefer, Caller caller) {
    RequestMembers members = RequestMembers.read(body, true);
    QueryParameters parameters = QueryParameters.ofBody(members.plain());
    boolean includeDiscarded = isTrue(parameters.decision("include_discarded"));
    parameters.requireValid();
    DeadLetterQueries.Found found = letters.findWithRecord(id, caller).orElseThrow(DeadLetterController::unknown);
    SpiritId editedFor = members.value() == null ? null : spiritOf(found, members.value(), caller);
    Decisions.Terms terms = new Decisions.Terms(name(caller), null, editedFor, true, includeDiscarded,
        settings.pendingFor());
    Redriver.Published published = redriver.redrive(id, members.value(), terms, prefer.granted(http))
        .orElseThrow(() -> notNow(id, caller));
    RedriveState state = redrives.find(published.redrive()).orElseThrow();
    ResponseEntity.BodyBuilder response = ResponseEntity.status(state.isPending() ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .header(ConsistencyToken.HEADER, ConsistencyToken.of(published.receipt().position()).encoded());
    String applied = prefer.applied(http, state.isPending());
    return (applied.isEmpty() ? response : response.header(Prefer.APPLIED, applied)).body(state);
  }

  /** Of the record as it would be with the value; there is nothing to force here, as it would only be rejected again. */
  private static SpiritId spiritOf(DeadLetterQueries.Found found, byte[] value, Caller caller) {
    return switch (ChangeCodec.decode(found.record().withValue(value), UnknownFields.REJECT)) {
      case DecodedChange.Readable(Change change) -> {
        caller.require(change.spiritId());
        yield change.spiritId();
      }
      case DecodedChange.Unreadable(_, String detail) ->
        throw Problem.invalid(InvalidInput.body(new Violation("/value", "is not what such a record holds: " + detail)))
            .asException();
    };
  }

  private ProblemException notNow(long id, Caller caller) {
    DeadLetter letter = letters.find(id, caller).orElseThrow(DeadLetterController::unknown);
    String why = switch (letter.state()) {
      case "redriven" -> "it was redriven, with effect";
      case "discarded" -> "it was discarded; include_discarded redrives it all the same";
      default -> letter.lastRedrive() != null && letter.lastRedrive().isPending()
          ? "a redrive of it is pending: its outcome is not known yet"
          : letter.waiting()
              ? "it waits for its spirit, and is applied by itself when that arrives"
              : "something else was done with it at the same moment";
    };
    return Problem.of(ProblemType.DEAD_LETTER_STATE, why).with("state", letter.state()).asException();
  }

  /**
   * @param matching how many could be redriven when it began, in all and by reason
   * @param redriven how many were published
   * @param unpublished how many are larger than the log takes
   * @param remaining how many of those that matched are left
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record RedriveReport(boolean dryRun, @Nullable UUID run, long matching, Map<String, Long> reasons, long redriven,
      long unpublished, long remaining) {}

  @PostMapping("/redrive")
  RedriveReport redriveMany(JsonBody body, Caller caller) {
    QueryParameters parameters = QueryParameters.ofBody(RequestMembers.read(body, false).plain());
    LetterFilter filter = LetterFilter.read(parameters, caller, List.of("open", "discarded"));
    boolean includeFailed = isTrue(parameters.decision("include_failed"));
    boolean dryRun = !Boolean.FALSE.equals(parameters.decision("dry_run"));
    long limit = limit(parameters);
    parameters.requireValid();
    filter.requireVisible();
    String beside = "AND NOT waiting\n" + (includeFailed ? unlessPending() : "AND last_redrive IS NULL\n");
    long highestId = letters.highestId();
    Counts matching = letters.count(filter, beside, highestId);
    if (dryRun) {
      return new RedriveReport(true, null, matching.total(), matching.reasons(), 0, 0, matching.total());
    }
    Redriver.Run run = new Redriver.Run(TimeOrderedId.at(clock.instant()));
    try {
      redriver.redrive(filter, beside, highestId, limit,
          new Decisions.Terms(name(caller), run.id(), null, includeFailed, filter.states().contains("discarded"),
              settings.pendingFor()),
          run);
    } catch (LogUnavailableException _) {
      throw brokenOff(Problem.logUnavailable(), run, matching).asException();
    } catch (ProblemException e) {
      throw brokenOff(e.problem(), run, matching).asException();
    }
    return new RedriveReport(false, run.id(), matching.total(), matching.reasons(), run.redriven(), run.tooLarge(),
        remaining(run, matching));
  }

  private static Problem brokenOff(Problem problem, Redriver.Run run, Counts matching) {
    return problem.with("run", run.id().toString()).with("redriven", run.redriven()).with("remaining",
        remaining(run, matching));
  }

  private static long remaining(Redriver.Run run, Counts matching) {
    return Math.max(0, matching.total() - run.redriven() - run.tooLarge());
  }

  @PostMapping("/{id}/discard")
  DeadLetter discard(@PathVariable long id, Optional<JsonBody> body, Caller caller) {
    QueryParameters parameters = QueryParameters.ofBody(RequestMembers.read(body, false).plain());
    String note = note(parameters);
    parameters.requireValid();
    if (letters.find(id, caller).isEmpty()) {
      throw DeadLetterController.unknown();
    }
    int discarded = transactions
        .unlessAway(() -> decisions.discard(List.of(id), name(caller), note, settings.pendingFor()));
    DeadLetter letter = letters.find(id, caller).orElseThrow(DeadLetterController::unknown);
    if (discarded == 0 && !letter.state().equals("discarded")) {
      throw notNow(id, caller);
    }
    return letter;
  }

  /**
   * @param matching how many could be discarded when it began, in all and by reason
   * @param remaining how many of those that matched are left
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record DiscardReport(boolean dryRun, long matching, Map<String, Long> reasons, long discarded, long remaining) {}

  @PostMapping("/discard")
  DiscardReport discardMany(JsonBody body, Caller caller) {
    QueryParameters parameters = QueryParameters.ofBody(RequestMembers.read(body, false).plain());
    LetterFilter filter = LetterFilter.read(parameters, caller, List.of("open"));
    String note = note(parameters);
    boolean dryRun = !Boolean.FALSE.equals(parameters.decision("dry_run"));
    long limit = limit(parameters);
    parameters.requireValid();
    filter.requireVisible();
    long highestId = letters.highestId();
    Counts matching = letters.count(filter, unlessPending(), highestId);
    long discarded = dryRun ? 0 : discard(filter, highestId, limit, name(caller), note);
    return new DiscardReport(dryRun, matching.total(), matching.reasons(), discarded,
        Math.max(0, matching.total() - discarded));
  }

  private long discard(LetterFilter filter, long highestId, long limit, @Nullable String by, @Nullable String note) {
    long discarded = 0;
    Next last = Next.FIRST;
    while (discarded < limit) {
      List<Next> next = letters.next(filter, unlessPending(), highestId, last,
          (int) Math.min(DISCARDED_AT_ONCE, limit - discarded));
      if (next.isEmpty()) {
        break;
      }
      last = next.getLast();
      List<Long> ids = next.stream().map(Next::id).toList();
      discarded += transactions.unlessAway(() -> decisions.discard(ids, by, note, settings.pendingFor()));
    }
    return discarded;
  }

  private String unlessPending() {
    return """
        AND NOT EXISTS (
          SELECT FROM redrives WHERE redrives.id = last_redrive AND redrives.state = 'pending'
            AND requested_at > now() - interval '%d seconds')
        """.formatted(settings.pendingFor().toSeconds());
  }

  private static long limit(QueryParameters parameters) {
    Long limit = parameters.number("limit", 1, MAX_LIMIT);
    return limit == null ? DEFAULT_LIMIT : limit;
  }

  private static @Nullable String note(QueryParameters parameters) {
    String note = parameters.text("note");
    if (note != null && note.length() > LONGEST_NOTE) {
      throw Problem.invalid(
          InvalidInput.body(new Violation("/note", "must have at most %d characters".formatted(LONGEST_NOTE))))
          .asException();
    }
    return note;
  }

  private static boolean isTrue(@Nullable Boolean given) {
    return given != null && given;
  }

  /** Null where nobody is asked who they are. */
  private static @Nullable String name(Caller caller) {
    return caller.equals(Caller.ANYONE) ? null : caller.name();
  }
}
