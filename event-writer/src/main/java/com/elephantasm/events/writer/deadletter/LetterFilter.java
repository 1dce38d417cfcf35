package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.query.QueryParameters;
import com.elephantasm.events.writer.query.VisibleSpirits;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/**
 * Which dead letters are asked for: those that meet every condition given, and that the caller may see. Of a caller for some
 * spirits that is no letter whose spirit is not known.
 *
 * @param states at least one
 * @param subjectId the event or spirit that the record is about
 * @param since earliest timestamp of the record, inclusive
 * @param until latest timestamp of the record, exclusive
 */
record LetterFilter(Caller caller, List<String> states, @Nullable String reason, @Nullable UUID agentId,
    @Nullable UUID subjectId, @Nullable String topic, @Nullable Long partition, @Nullable Instant since,
    @Nullable Instant until, @Nullable Boolean waiting) {
  static final String ALL = "all";

  /** @param states what can be asked for, or {@link #ALL} for each of them; the first is the default */
  static LetterFilter read(QueryParameters parameters, Caller caller, List<String> states) {
    String state = parameters.choice("state", states);
    String chosen = state == null ? states.getFirst() : state;
    return new LetterFilter(caller, chosen.equals(ALL) ? DeadLetter.STATES : List.of(chosen),
        parameters.text("reason"), parameters.uuid("agent_id"), parameters.uuid("subject_id"), parameters.text("topic"),
        parameters.number("partition", 0, Integer.MAX_VALUE), parameters.timestamp("since"),
        parameters.timestamp("until"), parameters.decision("waiting"));
  }

  /** @throws com.elephantasm.events.http.ProblemException 404 where it asks for a spirit that the caller may not see */
  void requireVisible() {
    if (agentId != null) {
      caller.require(new SpiritId(agentId));
    }
  }

  /** Of one state, so that there is an index which has them in order. Only of constants: the values are parameters. */
  String conditions(String state) {
    return "dead_letters.state = '" + state + "'\n"
        + String.join("", Stream.of(add(reason, "AND reason = :reason\n"), add(agentId, "AND agent_id = :agentId\n"),
            add(subjectId, "AND subject_id = :subjectId\n"),
            topic == null && partition == null
                ? ""
                : "AND log_partition = ANY (ARRAY(SELECT id FROM log_partitions WHERE "
                    + "(:topic::text IS NULL OR topic = :topic) AND (:partition::bigint IS NULL OR partition = :partition)))\n",
            add(since, "AND record_timestamp >= :since\n"), add(until, "AND record_timestamp < :until\n"),
            waiting == null ? "" : waiting ? "AND waiting\n" : "AND NOT waiting\n",
            VisibleSpirits.condition(caller, "agent_id")).toList());
  }

  private static String add(@Nullable Object value, String condition) {
    return value == null ? "" : condition;
  }

  MapSqlParameterSource parameters() {
    return new MapSqlParameterSource("reason", reason).addValue("agentId", agentId).addValue("subjectId", subjectId)
        .addValue("topic", topic).addValue("partition", partition)
        .addValue("since", since == null ? null : since.atOffset(ZoneOffset.UTC))
        .addValue("until", until == null ? null : until.atOffset(ZoneOffset.UTC))
        .addValue("visible", VisibleSpirits.of(caller));
  }
}
