package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.standalone.Client.Answer;
import com.elephantasm.events.standalone.OtlpReceiver.Received;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One trace leads from a request, or from the record of any producer, to the transaction that stored it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TraceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String EVENTS = "/api/v1/events";
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";
  private static final int MOST_FOLLOWED = 128;

  private static final ObservedServices SERVICES = new ObservedServices();
  private static final OtlpReceiver SPANS = SERVICES.spans;
  private static final Client INGEST = SERVICES.ingest;
  private static final Client WRITER = SERVICES.writer;

  private final String trace = newTrace();

  @AfterAll
  static void stop() {
    SERVICES.close();
  }

  private static String newTrace() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static String followed(String trace) {
    return "00-%s-%s-01".formatted(trace, CLIENT_SPAN);
  }

  private static String event(String spirit, String content) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"%s\"}".formatted(spirit, content);
  }

  private static List<Received> awaitSpans(String trace, int count) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(SPANS.ofTrace(trace)).hasSize(count));
    return SPANS.ofTrace(trace);
  }

  private static List<Received> named(List<Received> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static Received one(List<Received> spans, String name) {
    assertThat(named(spans, name)).as(name).hasSize(1);
    return named(spans, name).getFirst();
  }

  /** The span of the batch that a record's span is linked to. */
  private static Received batchOf(Received process) {
    assertThat(process.links()).hasSize(1);
    String id = process.links().getFirst();
    await().atMost(PATIENCE).until(() -> SPANS.all().stream().anyMatch(span -> span.id().equals(id)));
    return SPANS.all().stream().filter(span -> span.id().equals(id)).findAny().orElseThrow();
  }

  @Test
  void a_request_is_one_trace_to_the_transaction_that_stores_its_event() {
    String spirit = INGEST.newSpirit();
    assertThat(INGEST.post(EVENTS, event(spirit, "traced"), "traceparent", followed(trace)).status()).isEqualTo(201);

    List<Received> spans = awaitSpans(trace, 4);
    Received server = one(spans, "http post /api/v1/events");
    assertThat(server.parent()).isEqualTo(CLIENT_SPAN);
    assertThat(server.service()).isEqualTo("ingest-api");
    assertThat(server.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);

    Received send = one(spans, "send elephantasm.events");
    assertThat(send.parent()).isEqualTo(server.id());
    assertThat(send.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);

    Received process = one(spans, "process elephantasm.events");
    assertThat(process.parent()).isEqualTo(send.id());
    assertThat(process.service()).isEqualTo("event-writer");
    assertThat(process.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
    for (String place : List.of("messaging.destination.partition.id", "messaging.kafka.offset")) {
      assertThat(process.attribute(place)).isNotEmpty().isEqualTo(send.attribute(place));
    }

    Received transaction = one(spans, "transaction");
    assertThat(transaction.parent()).isEqualTo(process.id());
    assertThat(transaction.attribute("db.system.name")).isEqualTo("postgresql");

    Received batch = batchOf(process);
    assertThat(batch.links()).contains(send.id());
    assertThat(batch.attribute("messaging.batch.message_count")).isEqualTo("1");
    assertThat(transaction.links()).containsExactly(batch.id());
    await().atMost(PATIENCE).untilAsserted(
        () -> assertThat(one(SPANS.ofTrace(batch.trace()), "transaction").parent()).isEqualTo(batch.id()));
  }

  @Test
  void an_amendment_is_followed_as_well() {
    String spirit = INGEST.newSpirit();
    String event = INGEST.post(EVENTS, event(spirit, "amended")).id();
    assertThat(WRITER.send("PATCH", EVENTS + "/" + event, "{\"importance_score\":0.5}", "traceparent", followed(trace))
        .status()).isEqualTo(200);

    assertThat(awaitSpans(trace, 4)).extracting(Received::name).containsExactlyInAnyOrder(
        "http patch /api/v1/events/{id}", "send elephantasm.events", "process elephantasm.events", "transaction");
  }

  @Test
  void of_a_long_upload_only_the_first_records_are_followed() {
    String spirit = INGEST.newSpirit();
    String lines = IntStream.range(0, MOST_FOLLOWED + 72).mapToObj(i -> event(spirit, "line " + i))
        .collect(Collectors.joining("\n"));
    assertThat(INGEST.post(EVENTS + "/batch", lines, "Content-Type", "application/x-ndjson", "traceparent",
        followed(trace), "Prefer", "wait=30").status()).isEqualTo(200);

    List<Received> spans = awaitSpans(trace, 1 + 3 * MOST_FOLLOWED);
    Received server = one(spans, "http post /api/v1/events/batch");
    List<Received> sends = named(spans, "send elephantasm.events");
    assertThat(sends).hasSize(MOST_FOLLOWED).allMatch(send -> send.parent().equals(server.id()));
    assertThat(named(spans, "process elephantasm.events")).extracting(Received::parent)
        .containsExactlyInAnyOrderElementsOf(sends.stream().map(Received::id).toList());
  }

  @Test
  void a_record_of_any_producer_goes_on_with_its_trace() {
    String spirit = INGEST.newSpirit();
    ProducerRecord<String, String> record = StandaloneTest.record(spirit, event(spirit, "from elsewhere"));
    record.headers().add("traceparent", followed(trace).getBytes(StandardCharsets.UTF_8));
    SERVICES.producer.send(record);

    List<Received> spans = awaitSpans(trace, 2);
    Received process = one(spans, "process elephantasm.events");
    assertThat(process.parent()).isEqualTo(CLIENT_SPAN);
    assertThat(one(spans, "transaction").parent()).isEqualTo(process.id());
    assertThat(batchOf(process).links()).contains(CLIENT_SPAN);
  }

  @Test
  void a_redrive_is_a_trace_of_its_own_that_leads_back_to_the_first_one() {
    String spirit = INGEST.newSpirit();
    ProducerRecord<String, String> record = StandaloneTest.record(spirit, "{\"agent_id\":\"%s\"}".formatted(spirit));
    record.headers().add("traceparent", followed(trace).getBytes(StandardCharsets.UTF_8));
    RecordMetadata published = StandaloneTest.get(SERVICES.producer.send(record));
    awaitSpans(trace, 2);
    long letter = SERVICES.store.sql("""
        SELECT dead_letters.id FROM dead_letters JOIN log_partitions ON log_partitions.id = log_partition
        WHERE partition = :partition AND first_offset = :offset
        """).param("partition", published.partition()).param("offset", published.offset()).query(Long.class).single();

    String redrive = newTrace();
    Answer redriven = WRITER.post("/api/v1/dead-letters/" + letter + "/redrive", "{}", "traceparent",
        followed(redrive));
    assertThat(redriven.status()).as(redriven.response().body()).isBetween(200, 202);
    List<Received> spans = awaitSpans(redrive, 4);
    assertThat(one(spans, "send elephantasm.events").links()).containsExactly(CLIENT_SPAN);
    assertThat(SPANS.ofTrace(trace)).hasSize(2);
  }

  @Test
  void what_the_caller_does_not_follow_nobody_does() {
    String spirit = INGEST.newSpirit();
    INGEST.post(EVENTS, event(spirit, "not followed"), "traceparent", followed(trace).replaceFirst("01$", "00"));
    INGEST.post(EVENTS, event(spirit, "garbage"), "traceparent", "00-%s-nonsense".formatted(trace));

    // By the same ways as those before, and after them.
    String later = newTrace();
    INGEST.post(EVENTS, event(spirit, "followed"), "traceparent", followed(later));
    awaitSpans(later, 4);
    assertThat(SPANS.ofTrace(trace)).isEmpty();
  }

  @Test
  void probes_are_not_sent() {
    String spirit = INGEST.newSpirit();
    for (Client service : List.of(INGEST, WRITER)) {
      for (String probe : List.of("/actuator/health/liveness", "/actuator/health/readiness", "/actuator/prometheus")) {
        assertThat(service.send("GET", probe, null, "traceparent", followed(trace)).status()).as(probe).isEqualTo(200);
      }
    }

    // Each service sends in the order in which spans end.
    String later = newTrace();
    INGEST.post(EVENTS, event(spirit, "followed"), "traceparent", followed(later));
    awaitSpans(later, 4);
    assertThat(SPANS.ofTrace(trace)).isEmpty();
  }

  @Test
  void log_lines_carry_the_trace_of_what_they_are_about() {
    String spirit = INGEST.newSpirit();
    SERVICES.store.sql("ALTER TABLE events ADD CONSTRAINT refused_by_a_test CHECK (content <> 'to be refused')")
        .update();
    try {
      Answer refused = INGEST.post(EVENTS, event(spirit, "to be refused"), "traceparent", followed(trace));
      assertThat(refused.status()).as(refused.response().body()).isEqualTo(422);
    } finally {
      SERVICES.store.sql("ALTER TABLE events DROP CONSTRAINT refused_by_a_test").update();
    }

    await().atMost(PATIENCE).until(() -> SERVICES.log().stream().anyMatch(line -> line.contains(trace)));
    JsonNode line = SERVICES.log().stream().filter(each -> each.contains(trace)).findFirst().map(Client.JSON::readTree)
        .orElseThrow();
    assertThat(line.at("/message").asString()).startsWith("Putting the record at elephantasm.events-");
    assertThat(line.at("/trace/id").asString()).isEqualTo(trace);
    assertThat(line.at("/span/id").asString())
        .isEqualTo(one(awaitSpans(trace, 4), "send elephantasm.events").id());
  }
}
