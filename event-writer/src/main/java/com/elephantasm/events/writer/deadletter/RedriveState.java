package com.elephantasm.events.writer.deadletter;

import com.elephantasm.events.schema.RecordPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A redrive and what came of it.
 *
 * @param run the request to redrive many that it was part of
 * @param edited whether the record was published with another value
 * @param reason where it was rejected again
 * @param position where the record stands that was published; null as long as that is not known
 */
@JsonNaming(SnakeCaseStrategy.class)
record RedriveState(UUID id, long deadLetterId, @Nullable UUID run, String state, @Nullable String reason,
    @Nullable String detail, boolean edited, Instant requestedAt, @Nullable String requestedBy,
    @Nullable Instant settledAt, @Nullable RecordPosition position) {
  static final List<String> STATES = List.of("pending", "unpublished", "stored", "duplicate", "amended", "rejected");

  boolean isPending() {
    return state.equals("pending");
  }

  /** A row of {@link RedriveQueries}. */
  static RedriveState of(ResultSet row) throws SQLException {
    String topic = row.getString("redrive_topic");
    return new RedriveState(Rows.requiredUuid(row, "redrive_id"), row.getLong("redrive_letter"),
        Rows.uuid(row, "redrive_run"),
        row.getString("redrive_state"), row.getString("redrive_reason"), row.getString("redrive_detail"),
        row.getBoolean("redrive_edited"), Rows.requiredInstant(row, "redrive_requested_at"),
        row.getString("redrive_requested_by"), Rows.instant(row, "redrive_settled_at"),
        topic == null
            ? null
            : new RecordPosition(topic, row.getInt("redrive_partition"), row.getLong("redrive_offset")));
  }
}
