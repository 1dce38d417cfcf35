package com.elephantasm.events.benchmarks.sink;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import com.elephantasm.events.schema.RecordToSend;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What one bad record among good ones does to the writer and to the sink: how many of the good ones are stored at the end. */
public final class ConnectPoison implements Scenario {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MOST_EVENTS = 100_000;
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final String name;
  private final String description;
  private final Poison poison;

  private ConnectPoison(String name, String description, Poison poison) {
    this.name = name;
    this.description = description;
    this.poison = poison;
  }

  private enum Poison {
    /** An event without content: its row would violate NOT NULL. */
    NULL {
      @Override
      RecordToSend of(RecordToSend good) {
        ObjectNode event = (ObjectNode) JSON.readTree(good.value());
        return new RecordToSend(good.key(), List.of(), JSON.writeValueAsBytes(event.putNull("content")));
      }
    },
    /** The event before once more, as a producer sends it that did not hear its acknowledgement. */
    DUPLICATE {
      @Override
      RecordToSend of(RecordToSend good) {
        return good;
      }
    };

    abstract RecordToSend of(RecordToSend good);
  }

  public static ConnectPoison missingContent() {
    return new ConnectPoison("connect-poison",
        "How many good events are stored where one record in the middle has no content: the writer, against Debezium's JDBC "
            + "sink.",
        Poison.NULL);
  }

  public static ConnectPoison duplicate() {
    return new ConnectPoison("connect-duplicate",
        "How many events are stored where one is in the topic twice, next to each other: the writer, against Debezium's JDBC "
            + "sink.",
        Poison.DUPLICATE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = Math.min(options.events(), MOST_EVENTS);
    long records = publish(servers, Events.forAbout(count, options.seed()), count);
    Database empty = servers.newStore("empty");
    Database emptyOfSink = DebeziumSink.newStore(servers, "empty_of_sink");
    List<String> facts = new ArrayList<>();
    Side writer = new Side("writer", "events stored", () -> writer(servers, empty, count, records, options, facts));
    Side sink = new Side("Debezium JDBC sink", "events stored",
        () -> sink(servers, emptyOfSink, count, options, facts));
    Paired pairs = new Paired(name, writer, sink, Target.atLeast(1)).version("Debezium", DebeziumSink.version())
        .version("PostgreSQL", servers.postgresVersion()).with("events", count).with("threads", options.threads())
        .with("seed", options.seed());
    Result result = pairs.run(options.pairs(), options.command(), options.progress());
    for (String fact : facts.subList(facts.size() - 2, facts.size())) {
      result = result.noting(fact);
    }
    return result;
  }

  /** @return how many records the topic has */
  private long publish(Servers servers, Events events, int count) throws InterruptedException {
    Topic.create(servers.bootstrapServers());
    Topic.publish(servers.bootstrapServers(), events.spiritRecords().stream());
    int middle = count / 2;
    Topic.publish(servers.bootstrapServers(),
        Stream.of(LongStream.rangeClosed(0, middle).mapToObj(events::record),
            Stream.of(poison.of(events.record(middle))),
            LongStream.range(middle + 1L, count).mapToObj(events::record)).flatMap(records -> records));
    return events.spirits().size() + count + 1L;
  }

  private static double writer(Servers servers, Database empty, int count, long records, Options options,
      List<String> facts) throws Exception {
    Database store = servers.copy(empty, "run");
    List<String> settings = new ArrayList<>(options.writerSettings());
    settings.add("--elephantasm.writer.group=run-" + UUID.randomUUID());
    settings.add("--elephantasm.writer.threads=" + options.threads());
    try (Service _ = servers.startWriter(store, options.writerJvm(), settings)) {
      store.awaitApplied(Topic.NAME, records);
      long stored = stored(store);
      facts.add("writer: %,d of %,d events stored; dead letters: %s".formatted(stored, count, store.text("""
          SELECT coalesce(string_agg(reason || ' (' || detail || ')', '; '), 'none') FROM dead_letters
          """)));
      options.progress().say("%s", facts.getLast());
      return stored;
    } finally {
      servers.drop(store);
    }
  }

  private static double sink(Servers servers, Database empty, int count, Options options, List<String> facts)
      throws Exception {
    Database store = servers.copy(empty, "run");
    try (ConnectWorker worker = DebeziumSink.startCandidWorker(servers)) {
      String connector = "sink-" + UUID.randomUUID();
      worker.create(connector, DebeziumSink.settings(store, options.threads()));
      long stored = awaitEnd(store, count, worker, connector);
      facts.add("Debezium JDBC sink: %,d of %,d events stored; %s".formatted(stored, count,
          told(worker.status(connector))));
      options.progress().say("%s", facts.getLast());
      return stored;
    } finally {
      servers.drop(store);
    }
  }

  /** Of a trace, the line that says what the database said. */
  private static String told(JsonNode status) {
    List<String> tasks = new ArrayList<>();
    for (JsonNode task : status.path("tasks")) {
      String reason = task.path("trace").asString("").lines().filter(line -> line.contains("ERROR: ")).findFirst()
          .map(line -> " (" + line.substring(line.indexOf("ERROR: ")) + ")").orElse("");
      tasks.add("task %d is %s%s".formatted(task.path("id").asInt(), task.path("state").asString(), reason));
    }
    return String.join(", ", tasks);
  }

  private static long stored(Database store) throws SQLException {
    return store.number("SELECT count(*) FROM events");
  }

  /** Waits until all are there, or every task has failed, or one has and the others have come to their end. */
  private static long awaitEnd(Database store, int count, ConnectWorker worker, String connector) throws Exception {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    long changedAt = System.nanoTime();
    long before = 0;
    while (System.nanoTime() < deadline) {
      long stored = stored(store);
      if (stored != before) {
        before = stored;
        changedAt = System.nanoTime();
      }
      boolean quiet = System.nanoTime() - changedAt > QUIET.toNanos();
      // Before the first row there may be no task yet.
      if (stored == count || (quiet || stored > 0) && hasEnded(worker.status(connector), quiet)) {
        return stored(store);
      }
      // A task that is at its end does not say so.
      Thread.sleep(STEP);
    }
    throw new IllegalStateException(
        "the sink has stored %,d events of %,d in %s, and not failed".formatted(before, count, LONGEST));
  }

  private static boolean hasEnded(JsonNode status, boolean quiet) {
    Set<String> states = Set.copyOf(status.path("tasks").findValuesAsString("state"));
    return states.contains("FAILED") && (quiet || states.size() == 1);
  }
}
