package com.elephantasm.events.writer.progress;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads from the store how far it has applied a topic. */
final class AppliedPositions {
  private final JdbcClient jdbc;
  private final String topic;

  AppliedPositions(JdbcClient jdbc, String topic) {
    this.jdbc = jdbc;
    this.topic = topic;
  }

  /** One for each partition: that of the topic as it is now, where it was deleted and made anew. */
  List<AppliedPosition> read() {
    return jdbc.sql("""
        SELECT DISTINCT ON (partition) id, partition, next_offset
        FROM log_partitions
        WHERE topic = :topic
        ORDER BY partition, id DESC
        """).param("topic", topic)
        .query((row, _) -> new AppliedPosition(row.getInt("id"), row.getInt("partition"), row.getLong("next_offset")))
        .list();
  }
}
