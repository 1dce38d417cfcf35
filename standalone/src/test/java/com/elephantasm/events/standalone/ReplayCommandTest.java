package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command line, as a process of its own, against the whole application. */
class ReplayCommandTest extends StandaloneTest {
  private static final int EVENTS = 300;

  @TempDir
  private Path folder;

  private record Ended(int code, List<String> lines) {
    JsonNode last() {
      return Client.JSON.readTree(lines.getLast());
    }

    String text() {
      return String.join("\n", lines);
    }
  }

  @Test
  void a_dry_run_over_HTTP_tells_what_would_become_of_the_records() throws Exception {
    String spirit = published();
    Ended ended = command(over("replay", "dry-run", "--json", "--agent-id", spirit));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.last().get("state").asString()).isEqualTo("completed");
    assertThat(ended.last().at("/counts/duplicate").asLong()).as(ended.text()).isGreaterThanOrEqualTo(EVENTS);
  }

  @Test
  void an_apply_straight_on_the_servers_stores_what_was_deleted() throws Exception {
    String spirit = published();
    STORE.sql("DELETE FROM events WHERE agent_id = :spirit::uuid").param("spirit", spirit).update();
    Ended ended = command(straight("replay", "apply", "--agent-id", spirit));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text()).contains("completed", EVENTS + " stored");
    assertThat(rows(spirit)).isEqualTo(EVENTS);
    assertThat(command(over("replay", "list")).text()).contains("apply", "completed");
  }

  @Test
  void a_verification_ends_with_3_where_there_is_drift_and_with_0_once_it_is_repaired() throws Exception {
    String spirit = published();
    STORE.sql("UPDATE events SET content = 'other' WHERE agent_id = :spirit::uuid").param("spirit", spirit).update();
    Path report = folder.resolve("drift.json");
    String[] verify = {"replay", "verify", "--agent-id", spirit, "--report", report.toString()};
    Ended drifted = command(over(verify));
    assertThat(drifted.code()).as(drifted.text()).isEqualTo(3);
    assertThat(drifted.text()).contains("drift: 300 differing", "… and 295 more");
    JsonNode written = Client.JSON.readTree(Files.readString(report));
    assertThat(written.at("/drift/differing").asLong()).isEqualTo(EVENTS);
    Ended repaired = command(straight(with(verify, "--repair")));
    assertThat(repaired.code()).as(repaired.text()).isZero();
    Ended clean = command(straight(verify));
    assertThat(clean.code()).as(clean.text()).isZero();
    assertThat(clean.text()).contains("no drift");
  }

  @Test
  void a_signal_pauses_a_replay_that_can_be_resumed_as_it_says() throws Exception {
    String spirit = published();
    for (String[] where : List.of(over("replay", "apply", "--agent-id", spirit, "--throttle", "1", "--json"),
        straight("replay", "apply", "--agent-id", spirit, "--throttle", "1", "--json"))) {
      String id;
      try (ChildProcess child = new ChildProcess(WriterApplication.class, where)) {
        List<String> lines = child.outputUntil("\"state\":\"running\"");
        id = Client.JSON.readTree(lines.getLast()).get("id").asString();
        child.terminate();
        String text = String.join("\n", child.remainingOutput());
        assertThat(text).contains("replay resume " + id, "\"state\":\"paused\"");
        assertThat(child.exitCode()).isEqualTo(143);
      }
      assertThat(command(over("replay", "throttle", id, "none")).code()).isZero();
      Ended resumed = command(where[where.length - 1].startsWith("http")
          ? over("replay", "resume", id, "--json")
          : straight("replay", "resume", id, "--json"));
      assertThat(resumed.code()).as(resumed.text()).isZero();
      assertThat(resumed.last().at("/counts/duplicate").asLong()).as(resumed.text()).isGreaterThanOrEqualTo(EVENTS);
    }
  }

  @Test
  void replays_are_shown_and_cancelled() throws Exception {
    Ended asked = command(over("replay", "apply", "--throttle", "1", "--detach"));
    assertThat(asked.code()).as(asked.text()).isZero();
    String id = asked.lines().getLast();
    assertThat(command(over("replay", "pause", id)).code()).isZero();
    assertThat(command(over("replay", "show", id, "--follow")).code()).isZero();
    Ended cancelled = command(over("replay", "cancel", id));
    assertThat(cancelled.code()).as(cancelled.text()).isZero();
    assertThat(command(over("replay", "resume", id)).code()).isEqualTo(1);
    assertThat(command(over("replay", "show", "0190f3a4-5555-7666-8777-888899990000")).code()).isEqualTo(1);
  }

  @Test
  void what_is_impossible_ends_with_2_and_who_is_away_with_4() throws Exception {
    for (String[] where : List.of(over("replay", "apply", "--partition", "99"),
        straight("replay", "apply", "--partition", "99"))) {
      Ended impossible = command(where);
      assertThat(impossible.code()).as(impossible.text()).isEqualTo(2);
      assertThat(impossible.text()).contains("partitions names partition 99, and the topic has");
    }
    Ended away = command("replay", "list", "--url", "http://127.0.0.1:1");
    assertThat(away.code()).as(away.text()).isEqualTo(4);
    assertThat(away.text()).contains("http://127.0.0.1:1 cannot be reached").doesNotContain("\tat ");
    Ended store = command("replay", "list", "--jdbc-url", "jdbc:postgresql://127.0.0.1:1/elephantasm");
    assertThat(store.code()).as(store.text()).isEqualTo(4);
    assertThat(store.text()).contains("PostgreSQL cannot be reached").doesNotContain("\tat ");
    Ended log = command("export", "--bootstrap-servers", "127.0.0.1:1");
    assertThat(log.code()).as(log.text()).isEqualTo(4);
    assertThat(log.text()).contains("Kafka cannot be reached").doesNotContain("\tat ");
  }

  @Test
  void an_export_is_imported_into_another_topic_and_exported_again() throws Exception {
    String spirit = published();
    String kafka = STANDALONE.kafka().bootstrapServers();
    Path file = folder.resolve("events.ndjson.gz");
    Ended exported = command("export", "--output", file.toString(), "--agent-id", spirit, "--json",
        "--bootstrap-servers", kafka);
    assertThat(exported.code()).as(exported.text()).isZero();
    long records = exported.lines().stream().filter(line -> line.startsWith("{")).map(Client.JSON::readTree)
        .reduce((_, last) -> last).orElseThrow().get("records").asLong();
    assertThat(records).isGreaterThanOrEqualTo(EVENTS);
    Ended imported = command("import", "--topic", "elephantasm.copy", "--create", file.toString(),
        "--bootstrap-servers", kafka);
    assertThat(imported.code()).as(imported.text()).isZero();
    assertThat(imported.text())
        .contains(String.format(Locale.ROOT, "%,d records are imported into elephantasm.copy", records));
    // Its events are the same ones: a plain producer has named none of them.
    Ended dryRun = command(over("replay", "dry-run", "--topic", "elephantasm.copy", "--json"));
    assertThat(dryRun.code()).as(dryRun.text()).isZero();
    assertThat(dryRun.last().at("/counts/stored").asLong()).as(dryRun.text()).isZero();
    assertThat(dryRun.last().at("/counts/duplicate").asLong()).as(dryRun.text()).isGreaterThanOrEqualTo(EVENTS);
    Ended again = command("import", "--topic", "elephantasm.copy", file.toString(), "--bootstrap-servers", kafka);
    assertThat(again.code()).as(again.text()).isEqualTo(2);
    assertThat(again.text()).contains("--append");
  }

  /** 150 MB in large records, and many small ones, through a heap of 64 MB. */
  @Test
  @Tag("long")
  void an_export_and_an_import_take_little_memory_however_large_the_topic_is() throws Exception {
    String kafka = STANDALONE.kafka().bootstrapServers();
    long records = large("elephantasm.large", kafka);
    Path file = folder.resolve("large.ndjson");
    for (String[] arguments : List.of(
        new String[]{"export", "--topic", "elephantasm.large", "-o", file.toString(), "--bootstrap-servers", kafka},
        new String[]{"import", "--topic", "elephantasm.large.copy", "--create", "--bootstrap-servers", kafka,
            file.toString()})) {
      try (ChildProcess child = new ChildProcess(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"), WriterApplication.class,
          arguments)) {
        String text = String.join("\n", child.remainingOutput());
        assertThat(child.exitCode()).as(text).isZero();
        assertThat(text).contains(String.format(Locale.ROOT, "%,d records", records));
      }
    }
  }

  private static long large(String topic, String kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka));
        KafkaProducer<String, String> producer = producer(kafka)) {
      admin.createTopics(List.of(new NewTopic(topic, 4, (short) 1))).all().get();
      String large = "x".repeat(500_000);
      for (int i = 0; i < 300; i++) {
        producer.send(new ProducerRecord<>(topic, large));
      }
      for (int i = 0; i < 400_000; i++) {
        producer.send(new ProducerRecord<>(topic, "small " + i));
      }
    }
    return 400_300;
  }

  @Test
  void the_standalone_application_has_the_same_commands() throws Exception {
    try (ChildProcess child = new ChildProcess(StandaloneApplication.class, over("replay", "list", "--limit", "1"))) {
      String text = String.join("\n", child.remainingOutput());
      assertThat(child.exitCode()).as(text).isZero();
    }
  }

  /** Events of a new spirit from a plain producer. */
  private static String published() {
    String spirit = CLIENT.newSpirit();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      sent.add(publish(spirit,
          "{\"agent_id\": \"%s\", \"event_type\": \"system\", \"content\": \"no. %d\"}".formatted(spirit, i)));
    }
    awaitApplied(sent.getLast());
    return spirit;
  }

  private static String[] over(String... arguments) {
    return with(arguments, "--url", STANDALONE.url());
  }

  private static String[] straight(String... arguments) {
    return with(arguments, "--bootstrap-servers", STANDALONE.kafka().bootstrapServers(), "--jdbc-url",
        STANDALONE.postgres().jdbcUrl(), "--user", STANDALONE.postgres().username(), "--password",
        STANDALONE.postgres().password());
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Ended command(String... arguments) throws IOException, InterruptedException {
    try (ChildProcess child = new ChildProcess(WriterApplication.class, arguments)) {
      List<String> lines = child.remainingOutput();
      return new Ended(child.exitCode(), lines);
    }
  }
}
