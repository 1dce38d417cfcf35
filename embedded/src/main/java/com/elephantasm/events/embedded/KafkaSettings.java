package com.elephantasm.events.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The broker's settings (Kafka documentation, "Broker Configs").
 *
 * <p>
 * What {@code log.flush.interval.messages=1} costs, measured with a producer at acks=all on a machine with two cores and a
 * virtual disk: 1.0 ms instead of 0.4 ms for one record at a time (median); in bulk, with the producer's default batches of 16 kB
 * over eight partitions, 20,000 instead of 130,000 records of 500 bytes a second. So what produces in bulk wants large batches,
 * and a topic whose records may be lost with the power can set {@code flush.messages} higher.
 */
public final class KafkaSettings {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private static final Set<String> LISTENERS = Set.of("listeners", "advertised.listeners",
      "listener.security.protocol.map");

  private KafkaSettings() {}

  /** What a broker that is alone is set to wherever it runs: all but who it is, where it listens and where its data is. */
  public static Map<String, String> ofOneBroker() {
    return ONE_BROKER;
  }

  static Map<String, String> of(Path folder, int port, int controllerPort, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(ONE_BROKER);
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("controller.listener.names", CONTROLLER_LISTENER);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("log.dirs", folder.toString());
    settings.put("listeners",
        "PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d".formatted(Ports.HOST, port, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://%s:%d".formatted(Ports.HOST, port));
    // A static voter is read from here at each start and stored nowhere, so the controller may have another port each time.
    settings.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, Ports.HOST, controllerPort));
    more.forEach((name, value) -> {
      if (LISTENERS.contains(name)) {
        settings.merge(name, value, (own, added) -> own + "," + added);
      } else {
        settings.put(name, value);
      }
    });
    return settings;
  }

  private static final Map<String, String> ONE_BROKER = Map.ofEntries(
      Map.entry("server.max.startup.time.ms", "120000"),

      // One replica is all there is.
      Map.entry("default.replication.factor", "1"),
      Map.entry("min.insync.replicas", "1"),
      Map.entry("offsets.topic.replication.factor", "1"),
      Map.entry("transaction.state.log.replication.factor", "1"),
      Map.entry("transaction.state.log.min.isr", "1"),
      Map.entry("share.coordinator.state.topic.replication.factor", "1"),
      Map.entry("share.coordinator.state.topic.min.isr", "1"),

      // Each partition costs files to open and close.
      Map.entry("offsets.topic.num.partitions", "4"),
      Map.entry("transaction.state.log.num.partitions", "4"),
      Map.entry("share.coordinator.state.topic.num.partitions", "4"),

      Map.entry("auto.create.topics.enable", "false"),
      Map.entry("delete.topic.enable", "true"),
      Map.entry("group.initial.rebalance.delay.ms", "0"),
      Map.entry("log.retention.ms", "-1"),
      // Ten years: records that never expire need committed offsets that outlive a long pause.
      Map.entry("offsets.retention.minutes", "5256000"),

      Map.entry("log.flush.interval.messages", "1"),
      // After the process was killed, its broker may not register again before its old session has run out.
      Map.entry("broker.session.timeout.ms", "3000"),
      Map.entry("broker.heartbeat.interval.ms", "500"),
      // A lone controller has no other to tell that it is alive, twice a second and onto the disk.
      Map.entry("metadata.max.idle.interval.ms", "0"),

      // Sized for one machine; the default of the cleaner alone is 128 MB.
      Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
      Map.entry("num.network.threads", "2"),
      Map.entry("background.threads", "2"));
}
