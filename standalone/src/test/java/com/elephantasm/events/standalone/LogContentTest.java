package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Whatever users write, and whatever goes wrong with it: it is in no log and in no span. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LogContentTest {
  private static final String EVENTS = "/api/v1/events";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String SECRET = "secret" + UUID.randomUUID().toString().replace("-", "");
  /** So that what happens is also in spans. */
  private static final String FOLLOWED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void nothing_that_users_write_is_logged() throws Exception {
    try (ObservedServices services = new ObservedServices()) {
      String spirit = everythingThatIsTaken(services);
      everythingThatIsRefused(services, spirit);
      everyRecordThatIsNoEvent(services, spirit);
      everythingThatTheDatabaseRefuses(services, spirit);

      assertThat(services.spans.all()).isNotEmpty().noneMatch(span -> span.span().toString().contains(SECRET));
      List<String> log = services.stopAndLog();
      // What failed has been logged, only without what was in it.
      assertThat(log).anyMatch(line -> line.contains("Putting the record at"))
          .anyMatch(line -> line.contains("Cannot store 1 records"))
          .anyMatch(line -> line.contains("The failure was"));
      assertThat(log).filteredOn(line -> line.contains(SECRET)).isEmpty();
    }
  }

  private static String everythingThatIsTaken(ObservedServices services) {
    String spirit = services.ingest
        .post("/api/v1/spirits", "{\"name\":\"%1$s\",\"description\":\"%1$s\"}".formatted(SECRET),
            "traceparent", FOLLOWED, "Prefer", "wait=30")
        .id();
    String event = """
        {"agent_id": "%1$s", "event_type": "%2$s", "content": "%2$s", "meta_summary": "%2$s", "role": "%2$s",
         "author": "%2$s", "session_id": "%2$s", "metadata": {"%2$s": "%2$s"}, "source_uri": "x://%2$s",
         "dedupe_key": "%2$s"}
        """.formatted(spirit, SECRET);
    assertThat(services.ingest.post(EVENTS, event, "traceparent", FOLLOWED).status()).isEqualTo(201);
    assertThat(services.ingest.post(EVENTS, event, "traceparent", FOLLOWED).status()).isEqualTo(409);
    assertThat(services.ingest.post(EVENTS, event.replace("\"content\": \"", "\"content\": \"other "), "traceparent",
        FOLLOWED).status()).isEqualTo(409);
    services.writer.get(EVENTS + "?agent_id=%s&session_id=%s&cursor=%s".formatted(spirit, SECRET, SECRET));
    return spirit;
  }

  private static void everythingThatIsRefused(ObservedServices services, String spirit) throws IOException {
    Client ingest = services.ingest;
    String big = SECRET.repeat(40_000);
    List<String> bodies = List.of(SECRET, "{\"" + SECRET, "{\"%s\":1}".formatted(SECRET),
        "{\"agent_id\":\"%s\"}".formatted(SECRET),
        "{\"agent_id\":\"%s\",\"event_type\":[\"%s\"],\"content\":{\"a\":\"%2$s\"}}".formatted(spirit, SECRET),
        "{\"agent_id\":\"%s\",\"event_type\":\"a\",\"content\":\"%s\"}".formatted(spirit, big),
        "{\"agent_id\":\"%s\",\"event_type\":\"a\",\"content\":\"%s\\u0000\"}".formatted(spirit, SECRET),
        "{\"agent_id\":\"%s\",\"event_type\":\"a\",\"content\":\"a\",\"occurred_at\":\"%s\"}".formatted(spirit,
            SECRET));
    for (String body : bodies) {
      assertThat(ingest.post(EVENTS, body, "traceparent", FOLLOWED).status()).isBetween(400, 422);
      ingest.post(EVENTS + "/batch", body, "Content-Type", "application/x-ndjson", "traceparent", FOLLOWED);
      ingest.post(EVENTS + "/batch", "[" + body + "]", "traceparent", FOLLOWED);
      ingest.post(EVENTS, body, "Content-Type", "application/cloudevents+json", "traceparent", FOLLOWED);
    }
    for (String header : List.of("Idempotency-Key", "Prefer", "Content-Encoding", "traceparent", "ce-type", "Cookie",
        "Consistency-Token", "Accept")) {
      ingest.post(EVENTS, bodies.getLast(), header, SECRET + "\"=;,");
      services.writer.send("GET", EVENTS + "?agent_id=" + SECRET, null, header, SECRET + "\"=;,");
    }
    ingest.sendBody("POST", EVENTS, BodyPublishers.ofString(SECRET), "Content-Encoding", "gzip", "traceparent",
        FOLLOWED);
    // What follows a body that is longer than its sender said is read as the next request.
    for (String rest : List.of(SECRET, "{\"a\":\"" + SECRET + "\"}", "POST /%" + SECRET + " HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n" + SECRET + "\u0001: b\r\n\r\n")) {
      sendRaw(services.ingestPort(),
          "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".formatted(EVENTS)
              + "Content-Length: 2\r\n\r\n{}" + rest + "\r\n\r\n");
    }
    sendRaw(services.ingestPort(),
        "POST %s?a=%%%s HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}".formatted(EVENTS, SECRET));
  }

  /** Returns when the server has closed the connection, or has no more to say. */
  private static void sendRaw(int port, String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getInputStream().readAllBytes();
    }
  }

  private static void everyRecordThatIsNoEvent(ObservedServices services, String spirit) {
    for (String value : List.of(SECRET, "{\"agent_id\":\"%s\"}".formatted(SECRET),
        "{\"agent_id\":\"%s\",\"event_type\":\"a\",\"content\":\"%s\",\"metadata\":\"%2$s\"}".formatted(spirit,
            SECRET))) {
      ProducerRecord<String, String> plain = StandaloneTest.record(SECRET, value);
      plain.headers().add("traceparent", FOLLOWED.getBytes(StandardCharsets.UTF_8));
      services.producer.send(plain);
      ProducerRecord<String, String> cloudEvent = StandaloneTest.record(SECRET, value);
      for (String header : List.of("ce_type", "ce_id", "ce_source", "ce_time", "content-type", "traceparent",
          "elephantasm_reply_to", "elephantasm_request_id", "elephantasm_redrive", SECRET)) {
        cloudEvent.headers().add(header, SECRET.getBytes(StandardCharsets.UTF_8));
      }
      services.producer.send(cloudEvent);
    }
    services.producer.flush();
  }

  /** A constraint, whose violation PostgreSQL reports with the row; a trigger that quotes it; and a disk that is full for a while. */
  private static void everythingThatTheDatabaseRefuses(ObservedServices services, String spirit) {
    services.store.sql("""
        CREATE TABLE refusals (state text, detail text);
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE refusal refusals;
        BEGIN
          SELECT * INTO refusal FROM refusals;
          RAISE EXCEPTION USING ERRCODE = refusal.state, MESSAGE = 'refused' || refusal.detail,
            DETAIL = NEW.content, HINT = NEW.dedupe_key;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.content LIKE 'refuse%%') EXECUTE FUNCTION refuse();
        ALTER TABLE events ADD CONSTRAINT none_of_these CHECK (content NOT LIKE 'none%%');
        INSERT INTO refusals VALUES ('P0001', '%s')
        """.formatted(SECRET)).update();
    assertThat(post(services, spirit, "none ").status()).isEqualTo(422);
    assertThat(post(services, spirit, "refuse ").status()).isEqualTo(422);

    services.store.sql("UPDATE refusals SET state = '53100', detail = ''").update();
    assertThat(services.ingest.post(EVENTS, event(spirit, "refuse later "), "Prefer", "respond-async", "traceparent",
        FOLLOWED).status()).isEqualTo(202);
    await().atMost(PATIENCE)
        .until(() -> services.log().stream().anyMatch(line -> line.contains("Cannot store 1 records")));
    services.store.sql("DROP TRIGGER refuse ON events").update();
    await().atMost(PATIENCE)
        .until(() -> services.log().stream().anyMatch(line -> line.contains("Stored the 1 records")));
  }

  private static Client.Answer post(ObservedServices services, String spirit, String content) {
    return services.ingest.post(EVENTS, event(spirit, content), "traceparent", FOLLOWED, "Prefer", "wait=30");
  }

  private static String event(String spirit, String content) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"a\",\"content\":\"%s\",\"dedupe_key\":\"%s\"}".formatted(spirit,
        content + SECRET, content + SECRET);
  }
}
