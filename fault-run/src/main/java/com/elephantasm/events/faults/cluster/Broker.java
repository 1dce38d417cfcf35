package com.elephantasm.events.faults.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * One of three Kafka servers, each broker and controller, as Kafka's own scripts start it. Every record is on all three, and
 * acknowledged by at least two.
 *
 * @param clients the way in for clients
 * @param replication the way in for the other brokers
 */
public record Broker(int id, Node node, Link clients, Link replication) {
  static final int COUNT = 3;
  private static final String LOGGING = "-Dlogback.configurationFile=faults/broker-logback.xml";

  /** Where each of them listens, in the order of their ids; the first is 1. */
  record Places(List<Integer> clients, List<Integer> replication, List<Integer> controllers) {
    String voters() {
      return IntStream.rangeClosed(1, COUNT)
          .mapToObj(id -> "%d@127.0.0.1:%d".formatted(id, controllers.get(id - 1)))
          .collect(Collectors.joining(","));
    }
  }

  static Broker create(int id, Uuid cluster, Places places, Path data, Path logs) {
    String name = "broker-" + id;
    int clientPort = places.clients().get(id - 1);
    int replicationPort = places.replication().get(id - 1);
    Link clients = new Link(name + "'s clients", Ports.free(), clientPort);
    Link replication = new Link(name + "'s replication", Ports.free(), replicationPort);
    Path settings = logs.resolve(name + ".properties");
    Path log = logs.resolve(name + ".log");
    write(settings, settings(id, places, clients, replication, data));
    format(cluster, settings, log);
    JavaNode node = new JavaNode(name, 400, Kafka.class, List.of(LOGGING), List.of(settings.toString()), log,
        () -> Ports.answers(clientPort));
    return new Broker(id, node, clients, replication);
  }

  private static void write(Path file, Map<String, String> settings) {
    try {
      Files.write(file, settings.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void format(Uuid cluster, Path settings, Path log) {
    List<String> command = JavaNode.command(128, StorageTool.class, List.of(LOGGING),
        List.of("format", "-t", cluster.toString(), "-c", settings.toString()));
    try {
      int exitCode = new ProcessBuilder(command).redirectErrorStream(true)
          .redirectOutput(Redirect.appendTo(log.toFile())).start().waitFor();
      if (exitCode != 0) {
        throw new IllegalStateException("cannot format a data folder of Kafka; see " + log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> settings(int id, Places places, Link clients, Link replication, Path data) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(id));
    settings.put("controller.quorum.voters", places.voters());
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "REPLICATION");
    settings.put("listener.security.protocol.map",
        "CLIENTS:PLAINTEXT,REPLICATION:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("listeners",
        "CLIENTS://127.0.0.1:%d,REPLICATION://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(
            places.clients().get(id - 1), places.replication().get(id - 1), places.controllers().get(id - 1)));
    settings.put("advertised.listeners",
        "CLIENTS://127.0.0.1:%d,REPLICATION://127.0.0.1:%d".formatted(clients.port(), replication.port()));
    settings.put("log.dirs", data.toString());
    settings.putAll(SAME_ON_ALL);
    return settings;
  }

  private static final Map<String, String> SAME_ON_ALL = Map.ofEntries(
      // What the promise rests on: two disks have a record before it is acknowledged, and no broker without it becomes leader.
      Map.entry("default.replication.factor", "3"),
      Map.entry("min.insync.replicas", "2"),
      Map.entry("unclean.leader.election.enable", "false"),
      Map.entry("auto.create.topics.enable", "false"),
      Map.entry("log.retention.ms", "-1"),
      Map.entry("offsets.topic.replication.factor", "3"),
      Map.entry("offsets.topic.num.partitions", "6"),
      Map.entry("transaction.state.log.replication.factor", "3"),
      Map.entry("transaction.state.log.min.isr", "2"),
      Map.entry("transaction.state.log.num.partitions", "3"),
      Map.entry("share.coordinator.state.topic.replication.factor", "3"),
      Map.entry("share.coordinator.state.topic.min.isr", "2"),
      Map.entry("share.coordinator.state.topic.num.partitions", "3"),
      // Faults last seconds, so what follows from them has to come within seconds.
      Map.entry("broker.session.timeout.ms", "4000"),
      Map.entry("broker.heartbeat.interval.ms", "1000"),
      Map.entry("replica.lag.time.max.ms", "5000"),
      Map.entry("group.initial.rebalance.delay.ms", "500"),
      Map.entry("leader.imbalance.check.interval.seconds", "20"),
      Map.entry("leader.imbalance.per.broker.percentage", "0"),
      // Three on one machine.
      Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
      Map.entry("num.network.threads", "2"),
      Map.entry("num.io.threads", "4"),
      Map.entry("background.threads", "2"));
}
