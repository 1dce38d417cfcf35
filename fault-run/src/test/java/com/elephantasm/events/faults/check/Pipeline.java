package com.elephantasm.events.faults.check;

import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.Ports;
import com.elephantasm.events.faults.load.Endpoints;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Both services twice, each in a process of its own, on servers of this test. */
final class Pipeline implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TestPostgres postgres;
  private final TestKafka kafka;
  private final List<Process> processes = new ArrayList<>();
  private final List<URI> ingest = new ArrayList<>();
  private final List<URI> writers = new ArrayList<>();

  private Pipeline(TestPostgres postgres, TestKafka kafka) {
    this.postgres = postgres;
    this.kafka = kafka;
  }

  static Pipeline start(Path logs) throws IOException {
    Pipeline pipeline = new Pipeline(TestPostgres.start(), TestKafka.start());
    try {
      for (int i = 0; i < 2; i++) {
        pipeline.writers.add(pipeline.start(WriterApplication.class, logs.resolve("writer-" + i + ".log"),
            "--spring.datasource.url=" + pipeline.postgres.jdbcUrl(), "--elephantasm.writer.threads=2"));
        pipeline.ingest.add(pipeline.start(IngestApplication.class, logs.resolve("ingest-" + i + ".log"),
            // What is on this class path only for the writer.
            "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"));
      }
      pipeline.ingest.forEach(Pipeline::awaitHealthy);
      pipeline.writers.forEach(Pipeline::awaitHealthy);
      return pipeline;
    } catch (IOException | RuntimeException e) {
      pipeline.close();
      throw e;
    }
  }

  private URI start(Class<?> application, Path log, String... arguments) throws IOException {
    int port = Ports.anyFree();
    List<String> command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx320m",
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
            application.getName(), "--server.port=" + port,
            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
    command.addAll(List.of(arguments));
    processes.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start());
    return URI.create("http://127.0.0.1:" + port);
  }

  private static void awaitHealthy(URI service) {
    HttpRequest health = HttpRequest.newBuilder(service.resolve("/health")).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      await().ignoreExceptions().atMost(PATIENCE)
          .until(() -> http.send(health, BodyHandlers.discarding()).statusCode() == 200);
    }
  }

  Endpoints endpoints() {
    return new Endpoints(ingest, writers, kafka.bootstrapServers(), postgres.jdbcUrl(), "elephantasm", "elephantasm");
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    kafka.close();
    postgres.close();
  }
}
