package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.embedded.Ports;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.servers.TestPostgres;
import com.elephantasm.events.writer.WriterApplication;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** One request with more events than the ingest-api has memory for; everything is a process of its own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LargeUploadTest {
  /** The class path of this module has the writer's libraries, which would look for one. */
  private static final String NO_DATABASE = "--spring.autoconfigure.exclude="
      + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";
  private static final int SPIRITS = 8;
  /** Lines of so many bytes and more, as messages have. */
  private static final String PADDING = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam. ".repeat(3);

  private final List<String> spirits = new ArrayList<>();

  @Test
  void every_line_of_a_large_upload_gets_its_receipt_and_exactly_those_accepted_are_stored() throws Exception {
    upload(20_000);
  }

  @Test
  @Tag("long")
  void every_line_of_a_million_gets_its_receipt_and_exactly_those_accepted_are_stored() throws Exception {
    upload(1_000_000);
  }

  private void upload(int lines) throws Exception {
    int port = Ports.anyFree();
    try (TestPostgres postgres = TestPostgres.start();
        TestKafka kafka = TestKafka.start();
        ChildProcess _ = new ChildProcess(WriterApplication.class, "--server.port=0",
            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
            "--spring.datasource.url=" + postgres.jdbcUrl());
        ChildProcess ingest = new ChildProcess(List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
            IngestApplication.class, "--server.port=" + port, NO_DATABASE,
            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers())) {
      Client client = new Client("http://127.0.0.1:" + port);
      for (int i = 0; i < SPIRITS; i++) {
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> spirits.add(client.newSpirit()));
      }
      long start = System.nanoTime();
      Set<UUID> accepted = send(lines, port);
      report(lines, Duration.ofNanos(System.nanoTime() - start), ingest);
      assertThat(ingest.isAlive()).isTrue();

      JdbcClient store = StandaloneTest.store(postgres);
      await().atMost(Duration.ofMinutes(30)).pollInterval(Duration.ofMillis(500)).until(
          () -> store.sql("SELECT count(*) FROM events").query(Long.class).single() >= accepted.size());
      Set<UUID> stored = new HashSet<>(store.sql("SELECT id FROM events").query(UUID.class).list());
      // Of sets of a million AssertJ would print the difference for hours.
      assertThat(stored.equals(accepted)).isTrue();
      assertThat(store.sql("SELECT count(*) FROM dead_letters").query(Long.class).single()).isZero();
    }
  }

  /** Sends on one thread and reads on another, and returns what was accepted. */
  private Set<UUID> send(int lines, int port) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      socket.setSoTimeout(60_000);
      Future<Set<UUID>> receipts = thread.submit(() -> readReceipts(lines, socket.getInputStream()));
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      write(out, "POST /api/v1/events/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n");
      StringBuilder chunk = new StringBuilder();
      for (int i = 1; i <= lines; i++) {
        chunk.append(line(i)).append('\n');
        if (chunk.length() > 50_000 || i == lines) {
          write(out, Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
          chunk.setLength(0);
        }
      }
      write(out, "0\r\n\r\n");
      out.flush();
      return receipts.get();
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String line(int number) {
    return switch (expectedStatus(number)) {
      case 400 -> "{\"agent_id\": oops";
      case 422 -> "{\"agent_id\":\"%s\",\"event_type\":\"system\"}".formatted(spirits.getFirst());
      default -> "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"%d %s\"}"
          .formatted(spirits.get(number % SPIRITS), number, PADDING);
    };
  }

  private static int expectedStatus(int number) {
    return number % 100 == 50 ? 400 : number % 100 == 99 ? 422 : 202;
  }

  private static Set<UUID> readReceipts(int lines, InputStream response) throws IOException {
    Set<UUID> accepted = new HashSet<>();
    InputStream buffered = new BufferedInputStream(response, 1 << 16);
    assertThat(head(buffered)).startsWith("HTTP/1.1 200").contains("Content-Type: application/x-ndjson");
    BufferedReader reader = new BufferedReader(
        new InputStreamReader(new ChunkedInput(buffered), StandardCharsets.UTF_8));
    for (int i = 1; i <= lines; i++) {
      JsonNode receipt = Client.JSON.readTree(nextLine(reader));
      int status = receipt.get("status").asInt();
      if (receipt.get("line").asInt() != i || status != expectedStatus(i)) {
        throw new AssertionError("expected line %d with %d, was %s".formatted(i, expectedStatus(i), receipt));
      }
      if (status == 202) {
        accepted.add(UUID.fromString(receipt.get("id").asString()));
      }
    }
    JsonNode summary = Client.JSON.readTree(nextLine(reader)).get("summary");
    assertThat(summary.get("complete").asBoolean()).isTrue();
    assertThat(summary.get("lines").asInt()).isEqualTo(lines);
    assertThat(summary.at("/by_status/202").asInt()).isEqualTo(accepted.size());
    return accepted;
  }

  private static String nextLine(BufferedReader reader) throws IOException {
    String line = reader.readLine();
    if (line == null) {
      throw new IOException("the answer broke off");
    }
    return line;
  }

  private static String head(InputStream response) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int character = response.read();
      if (character < 0) {
        throw new IOException("the answer broke off: " + head);
      }
      head.append((char) character);
    }
    return head.toString();
  }

  private static void report(int lines, Duration time, ChildProcess ingest) throws IOException {
    String memory = Files.exists(Path.of("/proc"))
        ? Files.readAllLines(Path.of("/proc/" + ingest.pid() + "/status"))
            .stream().filter(line -> line.startsWith("VmHWM")).findFirst().orElse("")
        : "";
    System.out.printf("%d lines in %.1f s, %.0f a second; %s%n", lines, time.toMillis() / 1000.0,
        lines * 1000.0 / time.toMillis(), memory);
  }
}
