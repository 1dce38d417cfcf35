package com.elephantasm.events.standalone;

import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A service in a process. */
record Service(ChildProcess process, Client client) implements AutoCloseable {
  private static Service start(Class<?> application, EmbeddedKafka kafka, String... arguments) {
    int port = freePort();
    List<String> all = new ArrayList<>(
        List.of("--server.port=" + port, "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers()));
    Collections.addAll(all, arguments);
    ChildProcess process = new ChildProcess(application, all.toArray(String[]::new));
    return new Service(process, new Client("http://127.0.0.1:" + port));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Service writer(EmbeddedKafka kafka, EmbeddedPostgres postgres) {
    return start(WriterApplication.class, kafka, "--spring.datasource.url=" + postgres.jdbcUrl(),
        "--elephantasm.writer.threads=1");
  }

  /** Without what is on this class path only for the writer. */
  static Service ingest(EmbeddedKafka kafka) {
    return start(IngestApplication.class, kafka,
        "--spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
            + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");
  }

  void awaitHealthy() {
    await().ignoreExceptions().atMost(Duration.ofMinutes(2)).until(() -> client.get("/health").status() == 200);
  }

  @Override
  public void close() {
    process.close();
  }
}
