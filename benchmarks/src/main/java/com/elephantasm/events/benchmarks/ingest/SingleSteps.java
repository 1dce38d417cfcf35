package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.peer.BareProducer;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.RecordToSend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What storing one event takes at least, step by step: each waits for the one before. */
final class SingleSteps implements AutoCloseable {
  private static final String INSERT = """
      INSERT INTO events (id, agent_id, event_type, content, meta_summary, role, author, occurred_at, session_id, metadata,
        source_uri, dedupe_key, importance_score, created_at, updated_at, is_deleted, payload_digest, created_partition,
        created_offset, changed_partition, changed_offset)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::json, ?, ?, ?, ?, ?, false, ?, 1, ?, 1, ?)
      """;

  private final LogEnd topic;
  private final Events events;
  private final Producer<byte[], byte[]> producer;
  private final Connection connection;
  private final PreparedStatement insert;
  private long produced;
  private long inserted;

  /** @param store with the table of events, and nobody else's */
  SingleSteps(Database store, LogEnd topic, Events events) throws SQLException {
    this.topic = topic;
    this.events = events;
    this.producer = BareProducer.forSingleRecords(topic.bootstrapServers());
    this.connection = store.connect();
    this.insert = connection.prepareStatement(INSERT);
  }

  private interface Step {
    void run() throws Exception;
  }

  /** @return the p50 of one record with acks=all, in milliseconds */
  double produce(int count) throws Exception {
    return median(count, () -> {
      RecordToSend record = events.record(produced++);
      producer.send(new ProducerRecord<>(topic.topic(), record.key(), record.value())).get();
    });
  }

  /** @return the p50 of one row with its commit, in milliseconds */
  double insert(int count) throws Exception {
    return median(count, () -> insert(events.change(inserted++), inserted));
  }

  private void insert(Change.EventCreated change, long offset) throws SQLException {
    Event event = change.stored(change.occurredAt());
    DedupeKey key = event.dedupeKey();
    Object[] columns = {event.id().value(), event.agentId().value(), event.eventType(), event.content(),
        event.metaSummary(), event.role(), event.author(), event.occurredAt().atOffset(ZoneOffset.UTC),
        event.sessionId(), event.metadata().json(), event.sourceUri(), key == null ? null : key.value(),
        event.importanceScore(), event.createdAt().atOffset(ZoneOffset.UTC),
        event.updatedAt().atOffset(ZoneOffset.UTC), change.event().payloadDigest(), offset, offset};
    for (int i = 0; i < columns.length; i++) {
      insert.setObject(i + 1, columns[i]);
    }
    insert.executeUpdate();
  }

  private static double median(int count, Step step) throws Exception {
    long[] nanoseconds = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      step.run();
      nanoseconds[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanoseconds);
    return nanoseconds[(count - 1) / 2] / 1e6;
  }

  @Override
  public void close() throws SQLException {
    producer.close();
    connection.close();
  }
}
