package com.elephantasm.events.writer.replay;

import com.elephantasm.events.schema.Violation;
import com.elephantasm.events.writer.store.LogPartitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Finds out what there is to be read for a request, and whether it can be. */
final class LogPlan {
  private static final int TIMEOUT_MS = 10_000;

  private final Map<String, Object> kafka;
  private final LogPartitions partitions;
  private final String log;

  /**
   * @param kafka how to reach it, for an Admin client
   * @param log the topic that the live writer reads
   */
  LogPlan(Map<String, Object> kafka, LogPartitions partitions, String log) {
    this.kafka = new HashMap<>(kafka);
    this.kafka.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    this.kafka.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    this.partitions = partitions;
    this.log = log;
  }

  /** The offsets of the log, by partition. */
  private record Ends(Map<Integer, Long> earliest, Map<Integer, Long> latest) {}

  /**
   * What is to be read, from where the log begins or the request says, to where it ends now or the request says.
   *
   * @throws ImpossibleReplayException where the log has no such thing to read
   * @throws KafkaException where Kafka is away
   */
  List<LogStretch> of(ReplayRequest request) throws InterruptedException {
    List<Violation> violations = new ArrayList<>(contradictions(request));
    requireNone(violations);
    try (Admin admin = Admin.create(kafka)) {
      TopicDescription topic = describe(admin, request.topic());
      Set<Integer> all = topic.partitions().stream().map(partition -> partition.partition())
          .collect(Collectors.toCollection(TreeSet::new));
      Set<Integer> chosen = request.partitions().isEmpty() ? all : new TreeSet<>(request.partitions());
      requirePartitions(request, all, violations);
      requireNone(violations);
      Ends ends = new Ends(offsets(admin, request.topic(), chosen, OffsetSpec.earliest()),
          offsets(admin, request.topic(), chosen, OffsetSpec.latest()));
      Map<Integer, Long> starts = starts(request, admin, ends, violations);
      Map<Integer, Long> stops = stops(request, ends, violations);
      List<LogStretch> stretches = stretches(topic, starts, stops, violations);
      requireAllThere(request, ends, violations);
      boolean selects = request.from() != null || request.to() != null;
      if (violations.isEmpty() && selects && stretches.stream().allMatch(each -> each.start() == each.end())) {
        violations.add(new Violation(request.from() == null ? "/to" : "/from", "leaves no record to read"));
      }
      requireNone(violations);
      return stretches;
    }
  }

  private static void requireNone(List<Violation> violations) {
    if (!violations.isEmpty()) {
      throw new ImpossibleReplayException(violations);
    }
  }

  /** What no log can make possible. */
  private List<Violation> contradictions(ReplayRequest request) {
    List<Violation> violations = new ArrayList<>();
    if (request.from() instanceof Bound.At(Instant from) && request.to() instanceof Bound.At(Instant to)
        && !from.isBefore(to)) {
      violations.add(new Violation("/to", "must be after from"));
    }
    if (request.from() instanceof Bound.At(Instant from) && from.isAfter(Instant.now())) {
      violations.add(new Violation("/from", "lies in the future"));
    }
    if (request.repair() && request.mode() != ReplayMode.VERIFY) {
      violations.add(new Violation("/repair", "goes with the mode verify only"));
    }
    boolean ofRows = request.mode() == ReplayMode.VERIFY || request.mode() == ReplayMode.REBUILD;
    if (ofRows && (request.from() != null || request.to() != null)) {
      violations.add(new Violation(request.from() == null ? "/to" : "/from",
          "does not go with this mode: a row is what all of its records have made it"));
    }
    if (ofRows && request.eventType() != null) {
      violations.add(new Violation("/event_type",
          "does not go with this mode: a row is what all of its records have made it"));
    }
    if (request.mode() == ReplayMode.REBUILD) {
      if (request.agentId() != null) {
        violations.add(new Violation("/agent_id", "does not go with a rebuild, which makes the whole store anew"));
      }
      if (!request.partitions().isEmpty()) {
        violations.add(new Violation("/partitions", "do not go with a rebuild, which makes the whole store anew"));
      }
      if (!request.topic().equals(log)) {
        violations.add(new Violation("/topic",
            "must be the log that the writer goes on with, %s; apply another topic, or import it there"
                .formatted(log)));
      }
    }
    return violations;
  }

  private static TopicDescription describe(Admin admin, String topic) throws InterruptedException {
    try {
      return admin.describeTopics(Set.of(topic)).allTopicNames().get().values().iterator().next();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException || e.getCause() instanceof InvalidTopicException) {
        throw new ImpossibleReplayException(List.of(new Violation("/topic", "names no topic of this Kafka: " + topic)));
      }
      throw new KafkaException("Kafka does not describe topic " + topic, e.getCause());
    }
  }

  private static void requirePartitions(ReplayRequest request, Set<Integer> all, List<Violation> violations) {
    for (int partition : new TreeSet<>(request.partitions())) {
      if (!all.contains(partition)) {
        violations.add(new Violation("/partitions",
            "names partition %d, and the topic has %d".formatted(partition, all.size())));
      }
    }
    requirePartitions("/from", request.from(), request, all, violations);
    requirePartitions("/to", request.to(), request, all, violations);
  }

  private static void requirePartitions(String pointer, @Nullable Bound bound, ReplayRequest request, Set<Integer> all,
      List<Violation> violations) {
    if (bound instanceof Bound.Offsets(Map<Integer, Long> offsets)) {
      for (int partition : new TreeSet<>(offsets.keySet())) {
        if (!all.contains(partition)) {
          violations.add(
              new Violation(pointer, "names partition %d, and the topic has %d".formatted(partition, all.size())));
        } else if (!request.partitions().isEmpty() && !request.partitions().contains(partition)) {
          violations
              .add(new Violation(pointer, "names partition %d, which is not among partitions".formatted(partition)));
        }
      }
    }
  }

  private static Map<Integer, Long> offsets(Admin admin, String topic, Set<Integer> partitions, OffsetSpec spec)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = partitions.stream()
        .map(partition -> new TopicPartition(topic, partition))
        .collect(Collectors.toMap(Function.identity(), _ -> spec));
    try {
      Map<Integer, Long> offsets = new TreeMap<>();
      admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all().get()
          .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
      return offsets;
    } catch (ExecutionException e) {
      throw new KafkaException("Kafka does not say where topic %s begins and ends".formatted(topic), e.getCause());
    }
  }

  private static Map<Integer, Long> starts(ReplayRequest request, Admin admin, Ends ends, List<Violation> violations)
      throws InterruptedException {
    Map<Integer, Long> starts = new TreeMap<>(ends.earliest());
    switch (request.from()) {
      case null -> {
      }
      case Bound.At(Instant time) -> offsets(admin, request.topic(), ends.latest().keySet(),
          OffsetSpec.forTimestamp(time.toEpochMilli()))
          .forEach((partition, offset) -> starts.merge(partition,
              offset < 0 ? ends.latest().getOrDefault(partition, 0L) : offset, Math::max));
      case Bound.Offsets(Map<Integer, Long> offsets) -> offsets.forEach((partition, offset) -> {
        if (within("/from", partition, offset, ends, violations)) {
          starts.put(partition, offset);
        }
      });
    }
    return starts;
  }

  /** An end by time is one of each record, as their times need not be in the order of the log. */
  private static Map<Integer, Long> stops(ReplayRequest request, Ends ends, List<Violation> violations) {
    Map<Integer, Long> stops = new TreeMap<>(ends.latest());
    if (request.to() instanceof Bound.Offsets(Map<Integer, Long> offsets)) {
      offsets.forEach((partition, offset) -> {
        if (within("/to", partition, offset, ends, violations)) {
          stops.put(partition, offset);
        }
      });
    }
    return stops;
  }

  private static boolean within(String pointer, int partition, long offset, Ends ends, List<Violation> violations) {
    long earliest = ends.earliest().getOrDefault(partition, 0L);
    long latest = ends.latest().getOrDefault(partition, 0L);
    if (offset < earliest) {
      violations.add(new Violation(pointer,
          "says %d of partition %d, which begins at %d: what came before is gone".formatted(offset, partition,
              earliest)));
    } else if (offset > latest) {
      violations.add(
          new Violation(pointer, "says %d of partition %d, which ends at %d".formatted(offset, partition, latest)));
    }
    return offset >= earliest && offset <= latest;
  }

  private List<LogStretch> stretches(TopicDescription topic, Map<Integer, Long> starts, Map<Integer, Long> stops,
      List<Violation> violations) {
    Uuid id = topic.topicId();
    UUID topicId = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    List<LogStretch> stretches = new ArrayList<>();
    starts.forEach((partition, start) -> {
      long end = stops.getOrDefault(partition, start);
      if (end < start) {
        violations.add(new Violation("/to",
            "is before from in partition %d: %d and %d".formatted(partition, end, start)));
      } else {
        stretches.add(new LogStretch(topicId, topic.name(), partition,
            partitions.idOf(topicId, topic.name(), partition), start, end, start));
      }
    });
    return stretches;
  }

  /** A store that is made from a part of the log lacks the rest, and nobody would see it. */
  private static void requireAllThere(ReplayRequest request, Ends ends, List<Violation> violations) {
    if (request.mode() == ReplayMode.REBUILD && !request.acceptGaps()) {
      ends.earliest().forEach((partition, earliest) -> {
        if (earliest > 0) {
          violations.add(new Violation("/topic",
              "no longer has the beginning of partition %d, which begins at %d: a rebuilt store would lack what came before; accept_gaps rebuilds it all the same"
                  .formatted(partition, earliest)));
        }
      });
    }
  }

  /** Fails where the topic that a replay was asked for is not there any more, or is another one of its name. */
  void requireSameTopic(Replay replay, List<LogStretch> stretches) throws InterruptedException {
    try (Admin admin = Admin.create(kafka)) {
      Uuid id = describe(admin, replay.request().topic()).topicId();
      UUID now = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
      if (!stretches.isEmpty() && !stretches.getFirst().topicId().equals(now)) {
        throw new ReplayFailedException(
            "topic %s was deleted and made anew since the replay was asked for; ask again".formatted(
                replay.request().topic()));
      }
    } catch (ImpossibleReplayException e) {
      throw new ReplayFailedException(String.valueOf(e.getMessage()), e);
    }
  }
}
