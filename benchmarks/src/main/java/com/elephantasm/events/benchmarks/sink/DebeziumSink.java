package com.elephantasm.events.benchmarks.sink;

import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Debezium's JDBC sink, set to be as fast as it can be while it does what comes closest to the writer: it upserts the same records
 * of the same topic into the same table, by the key. What it gets for nothing: it checks no event, keeps no position, knows no
 * spirit, no conflict and no dead letter, and the columns that only the writer can fill have a default.
 */
final class DebeziumSink {
  /** As Kafka's own start script has it (bin/connect-standalone.sh), with a collector for throughput. */
  static final List<String> JVM = List.of("-Xms1g", "-Xmx2g", "-XX:+UseParallelGC");

  /** Polls as large as the batches, from fetches that have as many records. */
  static final Map<String, String> WORKER = Map.of("key.converter",
      "org.apache.kafka.connect.converters.ByteArrayConverter", "value.converter",
      "com.elephantasm.events.benchmarks.connect.EventConverter", "header.converter",
      "org.apache.kafka.connect.converters.ByteArrayConverter", "consumer.max.poll.records", "10000",
      "consumer.max.partition.fetch.bytes", "8388608", "consumer.fetch.max.bytes", "67108864",
      "consumer.fetch.min.bytes", "1048576", "consumer.fetch.max.wait.ms", "100");

  private DebeziumSink() {}

  static ConnectWorker startWorker(Servers servers) throws IOException, InterruptedException {
    return ConnectWorker.start(servers, JVM, WORKER);
  }

  /** As fast, but one whose task says soon that it has failed: it does so with what comes next, be it that offsets are to be saved. */
  static ConnectWorker startCandidWorker(Servers servers) throws IOException, InterruptedException {
    Map<String, String> settings = new TreeMap<>(WORKER);
    settings.put("offset.flush.interval.ms", "1000");
    return ConnectWorker.start(servers, JVM, settings);
  }

  /** A store as the writer's, whose table of events takes rows that say nothing of the log. */
  static Database newStore(Servers servers, String name) throws SQLException {
    Database store = servers.newStore(name);
    store.execute("""
        ALTER TABLE events ALTER created_at SET DEFAULT now(), ALTER updated_at SET DEFAULT now(),
          ALTER is_deleted SET DEFAULT false, ALTER payload_digest SET DEFAULT '00000000-0000-0000-0000-000000000000',
          ALTER created_partition SET DEFAULT 1, ALTER created_offset SET DEFAULT 0,
          ALTER changed_partition SET DEFAULT 1, ALTER changed_offset SET DEFAULT 0
        """);
    return store;
  }

  /** Without the reduction buffer, which costs time and is of use only where one batch has a row twice. */
  static Map<String, String> settings(Database store, int tasks) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector");
    settings.put("tasks.max", Integer.toString(tasks));
    settings.put("topics", Topic.NAME);
    settings.put("connection.url", store.url());
    settings.put("connection.username", store.username());
    settings.put("connection.password", store.password());
    settings.put("collection.name.format", "events");
    settings.put("insert.mode", "upsert");
    settings.put("primary.key.mode", "record_value");
    settings.put("primary.key.fields", "id");
    settings.put("schema.evolution", "none");
    settings.put("delete.enabled", "false");
    settings.put("batch.size", "10000");
    settings.put("dialect.postgres.unnest.insert.enabled", "true");
    settings.put("use.reduction.buffer", "false");
    return settings;
  }

  /** What is the same on every machine. */
  static Map<String, String> withoutPlaces(Map<String, String> settings) {
    Map<String, String> rest = new TreeMap<>(settings);
    rest.keySet().removeIf(name -> name.startsWith("connection."));
    return rest;
  }

  /** As the module with the sink names it. */
  static String version() {
    return ConnectWorker.versionOf("debezium-connector-jdbc");
  }
}
