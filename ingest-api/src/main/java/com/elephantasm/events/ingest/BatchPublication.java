package com.elephantasm.events.ingest;

import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.log.ChangeLog;
import com.elephantasm.events.log.LogUnavailableException;
import com.elephantasm.events.log.Sent;
import com.elephantasm.events.log.Way;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.Violation;
import java.time.Duration;
import java.util.List;

/** Publishes the events of one batch, in their order, each by itself: what is wrong with one is nothing to the others. */
final class BatchPublication {
  /** Enough to mend one event by; in a batch there may be thousands like it. */
  private static final int MAX_ERRORS = 10;

  private final ChangeLog log;
  private final Way way;
  private final Rejections rejections;
  private final EventReader reader;
  private final Caller caller;
  private final Duration wait;
  private final long maxSize;

  /** @param wait how long the outcome of an event is waited for; zero for not asking for it */
  BatchPublication(ChangeLog log, Way way, Rejections rejections, EventReader reader, Caller caller, Duration wait,
      HttpSettings settings) {
    this.log = log;
    this.way = way;
    this.rejections = rejections;
    this.reader = reader;
    this.caller = caller;
    this.wait = wait;
    this.maxSize = settings.maxBodySize().toBytes();
  }

  /** For what becomes of these events. */
  Tally newTally() {
    return new Tally(rejections);
  }

  /** Blocks only for room among what is on its way already. The time to wait for the outcome begins now. */
  BatchItem publish(byte[] json) {
    return publish(json, System.nanoTime() + wait.toNanos());
  }

  BatchItem publish(byte[] json, long deadline) {
    if (json.length > maxSize) {
      return refused(tooLarge(maxSize));
    }
    return switch (reader.read(json)) {
      case Decoded.Valid<Change.EventCreated>(Change.EventCreated change) -> publish(change, deadline);
      case Decoded.Invalid<Change.EventCreated>(List<Violation> violations) ->
        refused(Problem.invalid(violations.stream().limit(MAX_ERRORS).map(InvalidInput::body).toList()));
      case Decoded.Malformed<Change.EventCreated>(String detail) -> refused(JsonBody.malformed(detail).problem());
    };
  }

  private BatchItem publish(Change.EventCreated change, long deadline) {
    try {
      caller.require(change.spiritId());
      Sent<ItemResult> sent = wait.isZero()
          ? log.send(change, way, ChangeLog.UNTIL_THERE_IS_ROOM)
          : log.send(change, way, ChangeLog.UNTIL_THERE_IS_ROOM, ItemResult::of);
      return new BatchItem.Published(change.id(), sent, deadline);
    } catch (ProblemException e) {
      return refused(e.problem());
    } catch (LogUnavailableException _) {
      return refused(Problem.logUnavailable());
    }
  }

  static BatchItem refused(Problem problem) {
    return new BatchItem.Refused(ItemResult.failed(problem));
  }

  static Problem tooLarge(long maxSize) {
    return Problem.of(ProblemType.TOO_LARGE, "the event is larger than the %d bytes that are read".formatted(maxSize));
  }
}
