package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.servers.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How many records a topic has that has as many partitions as the log. */
record LogEnd(String bootstrapServers, String topic) {
  /** Creates the topic. */
  LogEnd created() throws InterruptedException {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, Topic.PARTITIONS, (short) 1))).all().get();
      return this;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  long records() throws InterruptedException {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, Topic.PARTITIONS)
          .mapToObj(partition -> new TopicPartition(topic, partition))
          .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
      return admin.listOffsets(latest).all().get().values().stream().mapToLong(end -> end.offset()).sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @throws IllegalStateException where it has another number of them: what was measured was not what it should be */
  void requireRecords(long expected) throws InterruptedException {
    long records = records();
    if (records != expected) {
      throw new IllegalStateException("the topic %s has %,d records, not %,d".formatted(topic, records, expected));
    }
  }

  /**
   * Waits until the writer has applied all of this log.
   *
   * @throws IllegalStateException where the store has not exactly so many events then, or it takes over five minutes
   */
  void requireStored(Database store, long events) throws InterruptedException, SQLException {
    store.awaitApplied(topic, records());
    long stored = store.number("SELECT count(*) FROM events");
    if (stored != events) {
      throw new IllegalStateException("the store has %,d events, not %,d".formatted(stored, events));
    }
  }
}
