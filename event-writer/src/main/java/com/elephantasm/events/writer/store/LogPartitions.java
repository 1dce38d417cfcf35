package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of partitions that records come from, with the position that the store has reached in each. */
public final class LogPartitions {
  private record TopicPartition(UUID topicId, int partition) {}

  private final JdbcClient jdbc;
  private final Map<TopicPartition, Integer> known = new ConcurrentHashMap<>();

  LogPartitions(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Those of a store that is not the service's own. */
  public static LogPartitions in(DataSource dataSource) {
    return new LogPartitions(StoreConfiguration.bounded(dataSource));
  }

  /**
   * The number by which rows refer to a partition; it never changes.
   *
   * @param topicId Kafka's own (KIP-516): a topic that was deleted and made again has another
   */
  public int idOf(UUID topicId, String topic, int partition) {
    Integer id = known.get(new TopicPartition(topicId, partition));
    return id != null ? id : register(topicId, topic, partition);
  }

  /** Up to which offset the store has applied a partition; 0 where it knows nothing of it. */
  public long reached(int id) {
    return jdbc.sql("SELECT next_offset FROM log_partitions WHERE id = :id").param("id", id).query(Long.class)
        .optional().orElse(0L);
  }

  private int register(UUID topicId, String topic, int partition) {
    jdbc.sql("""
        INSERT INTO log_partitions (topic_id, topic, partition) VALUES (:topicId, :topic, :partition)
        ON CONFLICT (topic_id, partition) DO NOTHING
        """).param("topicId", topicId).param("topic", topic).param("partition", partition).update();
    int id = jdbc.sql("SELECT id FROM log_partitions WHERE topic_id = :topicId AND partition = :partition")
        .param("topicId", topicId).param("partition", partition).query(Integer.class).single();
    known.put(new TopicPartition(topicId, partition), id);
    return id;
  }

  /**
   * Says that everything up to the last of these is applied. Joins the caller's transaction.
   *
   * @return the positions reached before, by partition
   */
  Map<Integer, Long> advance(Collection<LogEntry> entries) {
    Map<Integer, Long> next = new TreeMap<>();
    entries.forEach(entry -> next.merge(entry.partition(), entry.record().position().offset() + 1, Math::max));
    List<Map.Entry<Integer, Long>> rows = List.copyOf(next.entrySet());
    Map<Integer, Long> before = new HashMap<>();
    jdbc.sql("""
        UPDATE log_partitions SET next_offset = greatest(log_partitions.next_offset, reached.next_offset)
        FROM unnest(:ids::integer[], :offsets::bigint[]) AS reached (id, next_offset)
        WHERE log_partitions.id = reached.id
        RETURNING log_partitions.id, old.next_offset
        """).param("ids", column(rows, Map.Entry::getKey)).param("offsets", column(rows, Map.Entry::getValue))
        .query(row -> {
          before.put(row.getInt("id"), row.getLong("next_offset"));
        });
    if (before.size() < rows.size()) {
      // Another database than before, such as a standby that had not got them yet.
      known.clear();
      throw new TransientDataAccessResourceException(
          "the database does not know the partitions %s of the log any more; they are registered anew"
              .formatted(next.keySet()));
    }
    return before;
  }

  /**
   * Takes turns with whoever advances these partitions, and leaves them where they are. Joins the caller's transaction.
   *
   * @return the positions reached, by partition
   */
  Map<Integer, Long> hold(Collection<LogEntry> entries) {
    Map<Integer, Long> reached = new HashMap<>();
    Set<Integer> held = entries.stream().map(LogEntry::partition).collect(Collectors.toCollection(TreeSet::new));
    jdbc.sql("SELECT id, next_offset FROM log_partitions WHERE id = ANY (:ids::integer[]) ORDER BY id FOR UPDATE")
        .param("ids", column(held, id -> id)).query(row -> {
          reached.put(row.getInt("id"), row.getLong("next_offset"));
        });
    return reached;
  }
}
