package com.elephantasm.events.writer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RebuildTest extends RebuildIntegrationTest {
  @Test
  void the_store_that_is_made_anew_is_equal_to_the_one_before() {
    everyKindOfRecord();
    Map<String, List<String>> before = dump();
    Map<String, List<String>> letters = letters();
    List<String> structure = structure("public");
    JsonNode replay = rebuilt(startRebuild());

    assertThat(dump()).isEqualTo(before);
    assertThat(letters()).isEqualTo(letters);
    assertThat(structure("public")).isEqualTo(structure);
    assertThat(schemas("rebuild%")).isEmpty();
    assertThat(schemas("before%")).contains(replay.at("/result/previous_schema").asString());
    assertThat(structure(replay.at("/result/previous_schema").asString())).isEqualTo(structure);
    assertThat(replay.at("/result/events").asLong()).isEqualTo(before.getOrDefault("events", List.of()).size());
  }

  @Test
  void the_new_store_goes_on_numbering_where_the_one_before_has_stopped() {
    everyKindOfRecord();
    long last = jdbc.sql("SELECT max(id) FROM dead_letters").query(Long.class).single();
    rebuilt(startRebuild());
    publish(spirit, null, "{\"new\": \"" + spirit);
    awaitDrained();

    assertThat(jdbc.sql("SELECT count(*) FROM dead_letters WHERE id > :last").param("last", last).query(Long.class)
        .single()).isEqualTo(1);
    assertThat(jdbc.sql("SELECT count(*) FROM dead_letters WHERE id < 0").query(Long.class).single()).isZero();
  }

  /** All kinds, in every way that they can come. */
  private void everyKindOfRecord() {
    UUID other = UUID.randomUUID();
    UUID late = UUID.randomUUID();
    UUID never = UUID.randomUUID();
    createSpirit(spirit);
    createSpirit(other);
    for (int i = 0; i < 50; i++) {
      createEvent(spirit, "k" + i, "line\nbreak\ttab \\ backslash \\N \r\u00e9\ud83d\udc18 " + i);
    }
    createEvent(spirit, "k1", "line\nbreak\ttab \\ backslash \\N \r\u00e9\ud83d\udc18 1");
    createEvent(spirit, "k2", "a conflict");
    publish(spirit, null, """
        {"agent_id": "%s", "event_type": "tool.call", "content": "", "metadata": {"a": "\\\\ \\n", "b": [1.50, null]},
         "source_uri": "x://y", "importance_score": 1e-7, "role": "r", "author": "a", "meta_summary": "m",
         "occurred_at": "2026-01-01T00:00:00.123456Z"}""".formatted(spirit));
    publish(spirit, null, "{\"broken");
    publish(spirit, null, "{\"agent_id\": \"%s\", \"event_type\": \"\"}".formatted(spirit));
    publish(other, "spirit.amended", "{\"id\": \"%s\", \"is_deleted\": true}".formatted(other));
    createEvent(other, "k", "after the deletion");
    createEvent(late, "k", "waits");
    createEvent(never, "k", "discarded while it waits");
    awaitDrained();
    createSpirit(late);
    UUID event = jdbc.sql("SELECT id FROM events WHERE agent_id = :id AND dedupe_key = 'k3'").param("id", spirit)
        .query(UUID.class).single();
    amend(event, "\"importance_score\": 0.5, \"meta_summary\": \"a \\\\ b\"");
    amend(event, "\"is_deleted\": true");
    awaitDrained();
    discard(never);
    createSpirit(never);
    createEvent(never, "l", "stored");
    awaitDrained();
    assertThat(jdbc.sql("SELECT count(*) FROM events WHERE agent_id = :id").param("id", never).query(Long.class)
        .single()).isEqualTo(1);
    publish(other, "spirit.amended", "{\"id\": \"%s\", \"is_deleted\": false}".formatted(other));
    awaitDrained();
    redrive(other);
    awaitDrained();
    await().atMost(PATIENCE).until(() -> jdbc.sql("SELECT count(*) FROM redrives WHERE state = 'pending'")
        .query(Long.class).single() == 0);
  }

  private void amend(UUID event, String members) {
    publish(spirit, "event.amended", "{\"id\": \"%s\", \"agent_id\": \"%s\", %s}".formatted(event, spirit, members));
  }

  private void discard(UUID of) {
    long letter = jdbc.sql("SELECT id FROM dead_letters WHERE agent_id = :id").param("id", of).query(Long.class)
        .single();
    HttpResponse<String> response = send("POST", "/api/v1/dead-letters/" + letter + "/discard",
        "{\"note\": \"not wanted\"}");
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
  }

  private void redrive(UUID of) {
    long letter = jdbc.sql("SELECT id FROM dead_letters WHERE agent_id = :id").param("id", of).query(Long.class)
        .single();
    HttpResponse<String> response = send("POST", "/api/v1/dead-letters/" + letter + "/redrive", "");
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
  }

  @Test
  void writes_and_reads_go_on_and_none_is_lost() throws Exception {
    createSpirit(spirit);
    for (int i = 0; i < 5000; i++) {
      createEvent(spirit, "before" + i, "x".repeat(200));
    }
    awaitDrained();
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<Integer> written = threads.submit(() -> write(done));
      Future<Integer> read = threads.submit(() -> readList(done));
      Future<Integer> readWhole = threads.submit(() -> readTransactions(done));
      JsonNode replay;
      try {
        replay = rebuilt(startRebuild());
      } finally {
        done.set(true);
      }
      assertThat(read.get()).isPositive();
      assertThat(readWhole.get()).isPositive();
      awaitDrained();
      assertThat(jdbc.sql("SELECT count(*) FROM events WHERE agent_id = :id").param("id", spirit).query(Long.class)
          .single()).isEqualTo(5000 + written.get());
      assertThat(replay.at("/result/writers_held_ms").asLong()).isPositive();
    }
    assertThat(jdbc.sql("SELECT count(*) FROM late_events WHERE agent_id = :id").param("id", spirit).query(Long.class)
        .single()).isZero();
  }

  private int write(AtomicBoolean done) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (int i = 0; !done.get(); i++) {
      sent.add(createEvent(spirit, "during" + i, "written meanwhile"));
      if (i % 5 == 0) {
        sent.getLast().get();
      }
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
    return sent.size();
  }

  private int readList(AtomicBoolean done) {
    int reads = 0;
    long seen = 0;
    for (; !done.get(); reads++) {
      JsonNode count = json(send("GET", "/api/v1/events/count?agent_id=" + spirit, null));
      assertThat(count.at("/count").asLong()).isGreaterThanOrEqualTo(seen);
      seen = count.at("/count").asLong();
      assertThat(json(send("GET", "/api/v1/events?limit=5&agent_id=" + spirit, null)).size()).isEqualTo(5);
      assertThat(json(send("GET", "/api/v1/spirits/" + spirit, null)).at("/name").asString()).isEqualTo("Ada");
    }
    return reads;
  }

  /** Each table that a transaction sees is of one store. */
  private int readTransactions(AtomicBoolean done) throws Exception {
    int reads = 0;
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(),
        postgres.password()); Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (; !done.get(); reads++) {
        List<String> stores = new ArrayList<>();
        for (String table : new String[]{"events", "spirits", "log_partitions"}) {
          try (var row = statement.executeQuery("""
              SELECT (SELECT obj_description(reltype) IS NULL AND count(*) > 0 FROM %1$s LIMIT 1),
                (SELECT min(oid) FROM pg_class WHERE relname = 'events' AND relnamespace = 'public'::regnamespace)
              FROM pg_class WHERE oid = 'public.%1$s'::regclass""".formatted(table))) {
            row.next();
            stores.add(row.getString(2));
          }
        }
        connection.commit();
        assertThat(stores).containsOnly(stores.getFirst());
      }
    }
    return reads;
  }

  @Test
  void a_long_read_does_not_hold_others_for_long_and_is_waited_for() throws Exception {
    createSpirit(spirit);
    createEvent(spirit, "k", "hello");
    awaitDrained();
    try (Connection reader = DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(),
        postgres.password()); Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.executeQuery("SELECT count(*) FROM events").close();
      String id = startRebuild();
      awaitPhase(id, "waiting to switch, for ");
      long longest = 0;
      for (int i = 0; i < 50; i++) {
        long began = System.nanoTime();
        json(send("GET", "/api/v1/events?agent_id=" + spirit, null));
        longest = Math.max(longest, System.nanoTime() - began);
      }
      assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(10));
      createEvent(spirit, "l", "written meanwhile");
      awaitDrained();
      assertThat(replay(id).at("/state").asString()).isEqualTo("running");
      reader.commit();
      rebuilt(id);
    }
    assertThat(jdbc.sql("SELECT count(*) FROM events WHERE agent_id = :id").param("id", spirit).query(Long.class)
        .single()).isEqualTo(2);
  }

  @Test
  void one_that_is_cancelled_leaves_nothing() {
    createSpirit(spirit);
    for (int i = 0; i < 300; i++) {
      createEvent(spirit, "k" + i, "hello");
    }
    awaitDrained();
    List<String> before = schemas("%");
    String id = startRebuild("\"throttle\": 50");
    awaitPhase(id, "loading");
    control(id, "cancel");
    awaitState(id, "cancelled");

    assertThat(schemas("%")).isEqualTo(before);
  }

  @Test
  void one_that_is_paused_goes_on_where_it_was_and_ends_with_equal_counts() {
    everyKindOfRecord();
    JsonNode alone = rebuilt(startRebuild());
    Map<String, List<String>> before = dump();
    String id = startRebuild("\"throttle\": 40");
    for (int i = 0; i < 3; i++) {
      awaitPhase(id, "loading");
      long read = replay(id).at("/progress/read").asLong();
      await().atMost(PATIENCE).until(() -> replay(id).at("/progress/read").asLong() > read);
      control(id, "pause");
      awaitState(id, "paused");
      control(id, "resume");
    }
    withoutThrottle(id);
    JsonNode resumed = rebuilt(id);

    assertThat(resumed.at("/counts/stored").asLong()).isEqualTo(alone.at("/counts/stored").asLong());
    assertThat(resumed.at("/counts")).isEqualTo(alone.at("/counts"));
    assertThat(dump()).isEqualTo(before);
  }

  @Test
  void one_whose_connections_break_goes_on() {
    createSpirit(spirit);
    for (int i = 0; i < 300; i++) {
      createEvent(spirit, "k" + i, "hello");
    }
    awaitDrained();
    Map<String, List<String>> before = dump();
    String id = startRebuild("\"throttle\": 100");
    awaitPhase(id, "loading");
    assertThat(jdbc.sql("""
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'rebuild%'
        """).query(Long.class).single()).isPositive();
    withoutThrottle(id);
    rebuilt(id);

    assertThat(dump()).isEqualTo(before);
  }
}
