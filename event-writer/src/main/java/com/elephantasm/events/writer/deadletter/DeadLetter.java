package com.elephantasm.events.writer.deadletter;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A record that did not become a row, or several that are the same rejection.
 *
 * @param waiting whether it is applied by itself when its spirit arrives
 * @param timestamp of the record
 * @param decision why it is not open; null where it is
 */
@JsonNaming(SnakeCaseStrategy.class)
record DeadLetter(long id, String state, String reason, String detail, @Nullable UUID agentId, @Nullable UUID subjectId,
    boolean waiting, long occurrences, Stretch position, Instant timestamp, Sizes sizes, @Nullable Decision decision,
    @Nullable RedriveState lastRedrive) {
  static final List<String> STATES = List.of("open", "redriven", "discarded");

  /** From where it was seen first to where it was seen last. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Stretch(String topic, int partition, long firstOffset, long lastOffset) {}

  /** @param headers how many */
  @JsonNaming(SnakeCaseStrategy.class)
  record Sizes(int keyBytes, int valueBytes, int headers) {}

  record Decision(Instant at, @Nullable String by, @Nullable String note) {}

  /** A row of {@link DeadLetterQueries}. */
  static DeadLetter of(ResultSet row) throws SQLException {
    Instant decided = Rows.instant(row, "decided_at");
    return new DeadLetter(row.getLong("id"), row.getString("state"), row.getString("reason"), row.getString("detail"),
        Rows.uuid(row, "agent_id"), Rows.uuid(row, "subject_id"), row.getBoolean("waiting"), row.getLong("occurrences"),
        new Stretch(row.getString("topic"), row.getInt("partition"), row.getLong("first_offset"),
            row.getLong("last_offset")),
        Rows.requiredInstant(row, "record_timestamp"),
        new Sizes(row.getInt("key_bytes"), row.getInt("value_bytes"), row.getInt("headers")),
        decided == null ? null : new Decision(decided, row.getString("decided_by"), row.getString("note")),
        Rows.uuid(row, "redrive_id") == null ? null : RedriveState.of(row));
  }

  LetterCursor cursor() {
    return new LetterCursor(timestamp, id);
  }
}
