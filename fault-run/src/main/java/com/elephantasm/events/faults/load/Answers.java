package com.elephantasm.events.faults.load;

import com.elephantasm.events.schema.ConsistencyToken;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What replies to writes mean for their senders. */
final class Answers {
  static final String TOPIC = "elephantasm.events";

  /** Said before anything is published. */
  private static final Set<String> NOTHING_WAS_DONE = Set.of("overloaded", "store-behind", "rate-limited");
  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(400, 408, 429);

  private Answers() {}

  static Answer of(Reply reply) {
    return switch (reply) {
      case Reply.Unreached(String reason) -> new Answer.Refused(reason, false, Duration.ZERO);
      case Reply.Cut(String reason) -> new Answer.Ambiguous(reason, Duration.ZERO);
      case Reply.Response response -> of(response);
    };
  }

  private static Answer of(Reply.Response response) {
    int status = response.status();
    String problem = status < 300 ? "" : response.problem();
    if (status < 300) {
      return acknowledged(status == 202 ? Answer.Promise.ACCEPTED : Answer.Promise.STORED, response, "id");
    }
    if (problem.equals("duplicate-event")) {
      return acknowledged(Answer.Promise.DUPLICATE, response, "event_id");
    }
    return unsuccessful(status, problem, response.retryAfter());
  }

  private static Answer acknowledged(Answer.Promise promise, Reply.Response response, String idMember) {
    String token = response.header(ConsistencyToken.HEADER);
    return new Answer.Acknowledged(promise, id(response.json(), idMember), token == null ? null : position(token),
        token);
  }

  private static @Nullable UUID id(JsonNode json, String member) {
    String id = json.path(member).asString("");
    return id.isEmpty() ? null : UUID.fromString(id);
  }

  private static @Nullable LogPosition position(String encoded) {
    ConsistencyToken token = ConsistencyToken.decode(encoded, TOPIC);
    if (token == null || token.offsets().size() != 1) {
      return null;
    }
    Map.Entry<Integer, Long> only = token.offsets().firstEntry();
    return new LogPosition(only.getKey(), only.getValue());
  }

  private static Answer unsuccessful(int status, String problem, Duration retryAfter) {
    if (NOTHING_WAS_DONE.contains(problem) || WORTH_ANOTHER_TRY.contains(status)) {
      return new Answer.Refused(problem, false, retryAfter);
    }
    return status < 500 ? new Answer.Refused(problem, true, retryAfter) : new Answer.Ambiguous(problem, retryAfter);
  }

  /** What an item of a batch says, which is what a request of its own would have been answered with. */
  static Answer ofItem(JsonNode item) {
    int status = item.path("status").asInt(0);
    String type = item.path("type").asString("");
    String problem = type.startsWith(Reply.PROBLEM) ? type.substring(Reply.PROBLEM.length()) : "status " + status;
    if (status == 201 || status == 202) {
      return new Answer.Acknowledged(status == 202 ? Answer.Promise.ACCEPTED : Answer.Promise.STORED, id(item, "id"),
          null, null);
    }
    return problem.equals("duplicate-event")
        ? new Answer.Acknowledged(Answer.Promise.DUPLICATE, id(item, "event_id"), null, null)
        : unsuccessful(status, problem, Duration.ZERO);
  }
}
