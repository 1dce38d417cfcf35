package com.elephantasm.events.standalone;

import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.Ports;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A service in a process. */
record Service(ChildProcess process, Client client, int port) implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  static Service writer(TestKafka kafka, TestPostgres postgres, String... more) {
    List<String> arguments = new ArrayList<>(
        List.of("--spring.datasource.url=" + postgres.jdbcUrl(), "--elephantasm.writer.threads=1"));
    Collections.addAll(arguments, more);
    return start(WriterApplication.class, kafka, arguments);
  }

  /** Without what is on this class path only for the writer. */
  static Service ingest(TestKafka kafka, String... more) {
    List<String> arguments = new ArrayList<>(
        List.of(
            "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
                + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"));
    Collections.addAll(arguments, more);
    return start(IngestApplication.class, kafka, arguments);
  }

  private static Service start(Class<?> application, TestKafka kafka, List<String> more) {
    int port = Ports.anyFree();
    List<String> all = new ArrayList<>(
        List.of("--server.port=" + port, "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
    all.addAll(more);
    ChildProcess process = new ChildProcess(application, all.toArray(String[]::new));
    return new Service(process, new Client("http://127.0.0.1:" + port), port);
  }

  void awaitHealthy() {
    await().ignoreExceptionsInstanceOf(UncheckedIOException.class).atMost(PATIENCE).until(() -> {
      if (!process.isAlive()) {
        throw new IllegalStateException("the service has ended: " + process.remainingOutput());
      }
      return client.get("/health").status() == 200;
    });
  }

  @Override
  public void close() {
    process.close();
  }
}
