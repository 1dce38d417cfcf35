package com.elephantasm.events.writer.command;

import com.elephantasm.events.writer.replay.Bound;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Which records of the log a replay reads. */
final class Selection {
  @Option(names = "--topic", paramLabel = "NAME", description = "Any topic with records of the log, an archive or a mirror too (default: the log, elephantasm.events)")
  private @Nullable String topic;

  @Option(names = "--partition", paramLabel = "NUMBER", split = ",", description = "Only these partitions, such as 0,3")
  private Set<Integer> partitions = new TreeSet<>();

  @Option(names = "--from", paramLabel = "PLACE", converter = Converters.Place.class, description = "Where to begin, inclusive: a time, such as 2026-11-24T08:00:00Z, by the timestamps of the records; or PARTITION:OFFSET pairs, such as 0:100,3:7 (default: the beginning of the log)")
  private @Nullable Bound from;

  @Option(names = "--to", paramLabel = "PLACE", converter = Converters.Place.class, description = "Where to end, exclusive; likewise (default: where the log ends now)")
  private @Nullable Bound to;

  @Option(names = "--agent-id", paramLabel = "UUID", converter = Converters.Id.class, description = "Only records about this spirit")
  private @Nullable UUID agentId;

  @Option(names = "--event-type", paramLabel = "TYPE", description = "Only new events of this type")
  private @Nullable String eventType;

  @Option(names = "--throttle", paramLabel = "N", description = "At most so many records a second; 'replay throttle' changes it meanwhile")
  private @Nullable Long throttle;

  /** What was not given is left out: the defaults are those of whoever runs it. */
  void write(ObjectNode request) {
    if (topic != null) {
      request.put("topic", topic);
    }
    if (!partitions.isEmpty()) {
      partitions.forEach(request.putArray("partitions")::add);
    }
    write(request, "from", from);
    write(request, "to", to);
    if (agentId != null) {
      request.put("agent_id", agentId.toString());
    }
    if (eventType != null) {
      request.put("event_type", eventType);
    }
    if (throttle != null) {
      request.put("throttle", throttle);
    }
  }

  private static void write(ObjectNode request, String name, @Nullable Bound bound) {
    switch (bound) {
      case null -> {
      }
      case Bound.At(Instant time) -> request.put(name, time.toString());
      case Bound.Offsets(Map<Integer, Long> offsets) -> {
        ObjectNode pairs = request.putObject(name);
        new TreeMap<>(offsets).forEach((partition, offset) -> pairs.put(Integer.toString(partition), offset));
      }
    }
  }
}
