package com.elephantasm.events.standalone;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Each service as a process of its own, with JSON logs at the most talkative level, and with spans sent to a receiver. */
final class ObservedServices implements AutoCloseable {
  final OtlpReceiver spans = new OtlpReceiver();
  private final TestPostgres postgres = TestPostgres.start();
  private final TestKafka kafka = TestKafka.start();
  private final Service writerService = Service.writer(kafka, postgres, arguments());
  private final Service ingestService = Service.ingest(kafka, arguments());
  final Client ingest = ingestService.client();
  final Client writer = writerService.client();
  final JdbcClient store = StandaloneTest.store(postgres);
  final KafkaProducer<String, String> producer = StandaloneTest.producer(kafka.bootstrapServers());
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final List<Thread> readers;

  ObservedServices() {
    List<Service> services = List.of(writerService, ingestService);
    readers = services.stream().map(service -> Thread.ofVirtual().start(() -> collect(service.process()))).toList();
    services.forEach(Service::awaitHealthy);
  }

  private String[] arguments() {
    return new String[]{"--management.opentelemetry.tracing.export.otlp.endpoint=" + spans.endpoint(),
        "--management.opentelemetry.tracing.export.schedule-delay=100ms", "--management.tracing.sampling.probability=0",
        "--logging.structured.format.console=ecs", "--logging.level.root=info",
        "--logging.level.com.elephantasm.events=debug"};
  }

  private void collect(ChildProcess process) {
    try {
      List<String> line;
      do {
        line = process.outputUntil("");
        log.addAll(line);
      } while (!line.isEmpty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int ingestPort() {
    return ingestService.port();
  }

  /** What both services have logged until now. */
  List<String> log() {
    return List.copyOf(log);
  }

  /** What both services have logged, to their ends. */
  List<String> stopAndLog() throws InterruptedException {
    for (Service service : List.of(ingestService, writerService)) {
      service.process().terminate();
      var _ = service.process().exitCode();
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return log();
  }

  @Override
  public void close() {
    ingestService.close();
    writerService.close();
    producer.close();
    kafka.close();
    postgres.close();
    spans.close();
  }
}
