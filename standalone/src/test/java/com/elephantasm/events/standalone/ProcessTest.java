package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.standalone.Client.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application as a process, and what ends it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProcessTest {
  private static final int CLIENTS = 8;
  private static final int ENOUGH = 200;

  @TempDir
  private Path data;

  @Test
  void what_was_acknowledged_is_stored_whether_the_process_is_terminated_or_killed() throws Exception {
    Queue<String> acknowledged;
    try (ChildProcess child = standalone()) {
      acknowledged = load(new Client(url(child)), child::terminate);
      assertThat(child.exitCode()).isEqualTo(143);
      assertThat(child.remainingOutput()).isEmpty();
    }
    try (ChildProcess child = standalone()) {
      Client client = new Client(url(child));
      requireStored(client, acknowledged);
      acknowledged = load(client, child::kill);
    }
    // PostgreSQL has outlived the process, and has to give way.
    try (ChildProcess child = standalone()) {
      requireStored(new Client(url(child)), acknowledged);
      child.terminate();
      assertThat(child.exitCode()).isEqualTo(143);
    }
  }

  @Test
  void a_signal_while_it_starts_stops_what_was_started() throws Exception {
    try (ChildProcess child = standalone()) {
      child.outputUntil("Starting");
      // By now PostgreSQL runs, and Kafka or Spring is still on its way.
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(data.resolve("postgres/postmaster.pid")));
      child.terminate();
      assertThat(child.exitCode()).isEqualTo(143);
      assertThat(child.remainingOutput()).isEmpty();
      assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void a_taken_port_is_told_in_one_line() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      for (String option : List.of("--port", "--kafka-port", "--postgres-port")) {
        String[] arguments = {"--data", data.toString(), "--port", "0", "--kafka-port", "0", "--postgres-port", "0"};
        arguments[List.of(arguments).indexOf(option) + 1] = Integer.toString(taken.getLocalPort());
        try (ChildProcess child = new ChildProcess(StandaloneApplication.class, arguments)) {
          assertThat(child.remainingOutput()).hasSize(2).last().asString()
              .contains("port %d on 127.0.0.1 is taken".formatted(taken.getLocalPort()));
          assertThat(child.exitCode()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void a_folder_in_use_is_told_in_one_line() throws Exception {
    try (Standalone running = new Standalone(new Standalone.Settings(0, 0, 0, data), List.of())) {
      running.start();
      try (ChildProcess child = standalone()) {
        assertThat(child.remainingOutput()).hasSize(2).last().asString().contains("is in use by process");
        assertThat(child.exitCode()).isEqualTo(1);
      }
    }
  }

  @Test
  void an_unknown_option_is_refused() throws Exception {
    try (ChildProcess child = new ChildProcess(StandaloneApplication.class, "--prot", "8001")) {
      assertThat(child.remainingOutput()).first().asString().contains("--prot");
      assertThat(child.exitCode()).isEqualTo(2);
    }
  }

  @Test
  void an_address_where_others_get_in_unasked_is_refused_in_words() throws Exception {
    try (ChildProcess child = standalone("--server.address=192.0.2.1")) {
      assertThat(String.join("\n", child.remainingOutput()))
          .contains("elephantasm.access.mode is none", "server.address is 192.0.2.1", "Set elephantasm.access.mode")
          .doesNotContain("\tat ", "Exception");
      assertThat(child.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void a_key_lets_its_bearer_in_with_the_settings_that_come_with_it() throws Exception {
    List<String> made;
    try (ChildProcess child = new ChildProcess(StandaloneApplication.class, "key", "create", "--name", "Ada & Co",
        "--scope", "events:write", "--scope", "events:read")) {
      made = child.remainingOutput();
      assertThat(child.exitCode()).isZero();
    }
    String key = made.stream().filter(line -> line.startsWith("ek_")).findFirst().orElseThrow();
    List<String> options = Pattern.compile("'([^']*)'|(--[^ ]+)").matcher(made.getLast()).results()
        .map(option -> option.group(1) == null ? option.group(2) : option.group(1)).toList();
    // Another address of the loopback network, as another address of the machine would be.
    try (ChildProcess child = standalone(Stream.concat(Stream.of("--server.address=127.0.0.2"), options.stream())
        .toArray(String[]::new))) {
      List<String> output = child.outputUntil("Ctrl-C stops it.");
      assertThat(output).anyMatch(line -> line.matches(" +Access +by api-key"));
      String url = url(output);
      assertThat(url).startsWith("http://127.0.0.2:");
      assertThat(new Client(url, "X-API-Key", key).newSpirit()).hasSize(36);
      assertThat(new Client(url).get("/api/v1/spirits").status()).isEqualTo(401);
      assertThat(new Client(url).get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void a_key_is_not_made_of_what_is_none() throws Exception {
    for (List<String> wrong : List.of(List.of("--name", "a"), List.of("--name", "a", "--scope", "all"),
        List.of("--name", " ", "--scope", "admin"), List.of("--name", "a", "--scope", "admin", "--spirit", "1-1-1-1-1"),
        List.<String>of())) {
      List<String> arguments = new ArrayList<>(List.of("key", "create"));
      arguments.addAll(wrong);
      try (ChildProcess child = new ChildProcess(StandaloneApplication.class, arguments.toArray(String[]::new))) {
        assertThat(child.remainingOutput()).as(wrong.toString()).noneMatch(line -> line.startsWith("ek_"));
        assertThat(child.exitCode()).isEqualTo(2);
      }
    }
  }

  private ChildProcess standalone(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--data", data.toString(), "--port", "0", "--kafka-port", "0",
        "--postgres-port", "0"));
    arguments.addAll(Arrays.asList(more));
    return new ChildProcess(StandaloneApplication.class, arguments.toArray(String[]::new));
  }

  private static String url(ChildProcess child) throws IOException {
    return url(child.outputUntil("Ctrl-C stops it."));
  }

  private static String url(List<String> output) {
    return output.stream().filter(line -> line.contains("Docs")).findFirst()
        .orElseThrow(() -> new AssertionError(String.join("\n", output))).replaceAll(".*(http://[^/]*).*", "$1");
  }

  private interface Stop {
    void run() throws InterruptedException;
  }

  /** The ids that clients were told before the process ended. */
  private static Queue<String> load(Client client, Stop stop) throws InterruptedException {
    String spirit = client.newSpirit();
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        String prefer = i % 2 == 0 ? "respond-async" : "wait=5";
        threads.submit(() -> postUntilRefused(client, spirit, prefer, acknowledged));
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() > ENOUGH);
      stop.run();
    }
    return acknowledged;
  }

  private static void postUntilRefused(Client client, String spirit, String prefer, Queue<String> acknowledged) {
    String event = "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"load\"}".formatted(spirit);
    try {
      while (true) {
        Answer answer = client.post("/api/v1/events", event, "Prefer", prefer);
        if (answer.status() != 201 && answer.status() != 202) {
          return;
        }
        acknowledged.add(answer.id());
      }
    } catch (UncheckedIOException _) {
      // Nothing was acknowledged.
    }
  }

  private static void requireStored(Client client, Queue<String> ids) {
    for (String id : ids) {
      await(id).atMost(Duration.ofMinutes(1)).until(() -> client.get("/api/v1/events/" + id).status() == 200);
    }
  }
}
