package com.elephantasm.events.faults.check;

import com.elephantasm.events.faults.load.Endpoints;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Waits until the store has all that is in the log, and the writers have said so to Kafka. */
final class CatchUp {
  private static final String GROUP = "elephantasm-event-writer";
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Endpoints endpoints;
  private final String topic;
  private final LogReader log;

  CatchUp(Endpoints endpoints, String topic, LogReader log) {
    this.endpoints = endpoints;
    this.topic = topic;
    this.log = log;
  }

  /** What the partitions lack in the end; empty where the store has caught up. */
  String await(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    String behind = behind();
    while (!behind.isEmpty() && System.nanoTime() - deadline < 0) {
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      behind = behind();
    }
    return behind;
  }

  private String behind() throws InterruptedException {
    try {
      Map<Integer, Long> ends = log.ends();
      Map<Integer, Long> stored = StoreReader.reached(endpoints, topic);
      Map<Integer, Long> committed = committed();
      return ends.entrySet().stream().filter(end -> end.getValue() > 0)
          .filter(end -> !end.getValue().equals(stored.get(end.getKey()))
              || !end.getValue().equals(committed.get(end.getKey())))
          .map(end -> "partition %d ends at %d, stored to %s, committed to %s".formatted(end.getKey(), end.getValue(),
              stored.get(end.getKey()), committed.get(end.getKey())))
          .collect(Collectors.joining("; "));
    } catch (SQLException | ExecutionException | KafkaException e) {
      return "cannot be told: " + e;
    }
  }

  private Map<Integer, Long> committed() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", endpoints.bootstrapServers()))) {
      return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().entrySet().stream()
          .filter(offset -> offset.getKey().topic().equals(topic) && offset.getValue() != null)
          .collect(Collectors.toMap(offset -> offset.getKey().partition(), offset -> offset.getValue().offset()));
    }
  }
}
