package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.Scenario;
import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.measure.Paired;
import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.measure.Side;
import com.elephantasm.events.benchmarks.measure.Target;
import com.elephantasm.events.benchmarks.peer.BareProducer;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An upload of lines, each answered with a receipt when the log has it, against a loop around Kafka's producer with the same bytes.
 * Nobody reads the log.
 */
public final class Ndjson implements Scenario {
  private static final int SHARE = 4;

  private final String name;
  private final int connections;
  private final Target target;

  private Ndjson(String name, int connections, Target target) {
    this.name = name;
    this.connections = connections;
    this.target = target;
  }

  public static Ndjson overOneConnection() {
    return new Ndjson("ndjson", 1, Target.atLeast(0.5));
  }

  public static Ndjson overFourConnections() {
    return new Ndjson("ndjson-four", 4, Target.atLeast(0.7));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "NDJSON uploads with a receipt per line, connections: %d, against a bare KafkaProducer loop with the same bytes."
        .formatted(connections);
  }

  @Override
  public Result run(Servers servers, Options options) throws Exception {
    int count = Math.max(connections, options.events() / SHARE);
    LogEnd topic = new LogEnd(servers.bootstrapServers(), "bare").created();
    try (Intake intake = Intake.open(servers, options, count);
        Producer<byte[], byte[]> producer = BareProducer.forManyRecords(servers.bootstrapServers())) {
      // Nobody stores them, so each run may send the same ones.
      List<List<byte[]>> parts = Lines.parts(intake.bodies(count), connections);
      List<ProducerRecord<byte[], byte[]>> records = records(intake.events(), topic.topic(), count);
      Side ours = new Side("ingest-api, NDJSON", "events/s", () -> upload(intake, parts, count));
      Side bare = new Side("KafkaProducer in a loop", "events/s", () -> produce(producer, records, topic));
      return intake.described(new Paired(name, ours, bare, target), count).with("connections", connections)
          .run(options.pairs(), options.command(), options.progress());
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> records(Events events, String topic, int count) {
    return LongStream.range(0, count).mapToObj(events::record)
        .map(record -> new ProducerRecord<>(topic, record.key(), record.value())).toList();
  }

  private static double upload(Intake intake, List<List<byte[]>> parts, int count) throws Exception {
    LogEnd log = intake.log();
    long before = log.records();
    double seconds = Lines.upload(intake.batch(), parts);
    log.requireRecords(before + count);
    return count / seconds;
  }

  private static double produce(Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records,
      LogEnd topic) throws InterruptedException {
    long before = topic.records();
    double seconds = BareProducer.sendAll(producer, records.iterator());
    topic.requireRecords(before + records.size());
    return records.size() / seconds;
  }
}
