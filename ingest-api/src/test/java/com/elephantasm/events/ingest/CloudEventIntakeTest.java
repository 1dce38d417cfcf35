package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.CloudEventContext;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.SpiritId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CloudEventIntakeTest extends IntegrationTest {
  private static final String PATH = "/api/v1/events";
  private static final String TYPE = "com.elephantasm.event.created.v1";
  private static final JsonMapper JSON = new JsonMapper();
  private final SpiritId spirit = StandInWriter.newSpirit();

  /** The two ways to send one CloudEvent by itself. */
  enum Mode {
    BINARY, STRUCTURED
  }

  private static Map<String, String> attributes(String... more) {
    Map<String, String> attributes = new TreeMap<>(
        Map.of("specversion", "1.0", "type", TYPE, "source", "/crm/eu", "id", "a-1"));
    for (int i = 0; i < more.length; i += 2) {
      attributes.put(more[i], more[i + 1]);
    }
    return attributes;
  }

  /** A whole event; more members begin with a comma. */
  private String data(String more) {
    return "{\"agent_id\":\"%s\",\"event_type\":\"message.in\",\"content\":\"Grüße 🐘\"%s}".formatted(spirit, more);
  }

  private static String envelope(Map<String, String> attributes, String data) {
    String json = JSON.writeValueAsString(attributes);
    return json.substring(0, json.length() - 1) + ",\"data\":" + data + "}";
  }

  /** As the binding says that senders do it; Java's client would leave an empty header out. */
  private static String encoded(String value) {
    if (value.isEmpty()) {
      return "\"\"";
    }
    StringBuilder encoded = new StringBuilder();
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      boolean asItIs = b > 0x20 && b < 0x7f && b != '"' && b != '%';
      encoded.append(asItIs ? String.valueOf((char) b) : "%%%02X".formatted(b));
    }
    return encoded.toString();
  }

  private static Answer send(Mode mode, Map<String, String> attributes, String data, String... headers) {
    List<String> all = new ArrayList<>(Arrays.asList(headers));
    if (mode == Mode.STRUCTURED) {
      all.addAll(List.of("Content-Type", "application/cloudevents+json"));
      return CLIENT.send("POST", PATH, envelope(attributes, data), all.toArray(String[]::new));
    }
    attributes.forEach((name, value) -> all.addAll(List.of("CE-" + name, encoded(value))));
    return CLIENT.send("POST", PATH, data, all.toArray(String[]::new));
  }

  private StandInWriter.Read published() {
    await().atMost(Duration.ofMinutes(1)).until(() -> !reads().isEmpty());
    assertThat(reads()).hasSize(1);
    return reads().getFirst();
  }

  private List<StandInWriter.Read> reads() {
    return WRITER.reads(change -> change.spiritId().equals(spirit));
  }

  private static Outcome duplicate(Change change, Instant at) {
    return new Outcome.EventDuplicate(((Change.EventCreated) change).stored(at));
  }

  private EventId id(Identity identity) {
    return EventId.of(spirit, identity);
  }

  @ParameterizedTest
  @EnumSource
  void what_its_sender_said_stands_on_the_topic_as_the_Kafka_binding_has_it(Mode mode) {
    Answer answer = send(mode, attributes("time", "2024-05-15T17:00:01.1234567+02:00", "subject", "Fälle/7 %20",
        "dataschema", "https://elephantasm.com/schemas/new-event.schema.json", "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "greeting", "Euro € 😀", "empty", "",
        "elephantasmreplyto", "me"), data(""), "Prefer", "respond-async");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(headers(published())).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
        Map.entry("ce_specversion", "1.0"), Map.entry("ce_type", TYPE), Map.entry("ce_source", "/crm/eu"),
        Map.entry("ce_id", "a-1"), Map.entry("ce_time", "2024-05-15T15:00:01.123456Z"),
        Map.entry("ce_subject", "Fälle/7 %20"),
        Map.entry("ce_dataschema", "https://elephantasm.com/schemas/new-event.schema.json"),
        Map.entry("ce_traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        Map.entry("ce_greeting", "Euro € 😀"), Map.entry("ce_empty", ""), Map.entry("ce_elephantasmreplyto", "me"),
        Map.entry("content-type", "application/json")));
    assertThat(published().record().value()).asString(StandardCharsets.UTF_8).contains("\"content\":\"Grüße 🐘\"")
        .doesNotContain("specversion");
  }

  private static Map<String, String> headers(StandInWriter.Read read) {
    Map<String, String> headers = new TreeMap<>();
    for (RecordHeader header : read.record().headers()) {
      assertThat(headers.put(header.name(), String.valueOf(read.record().header(header.name())))).isNull();
    }
    return headers;
  }

  @ParameterizedTest
  @EnumSource
  void it_is_stored_and_answered_as_any_event(Mode mode) {
    Answer answer = send(mode, attributes("time", "2024-05-15T15:00:01Z"), data(",\"role\":\"user\""));
    assertThat(answer.status()).isEqualTo(201);
    JsonNode stored = answer.json();
    assertThat(stored.at("/id").asString()).isEqualTo(id(new Identity.CloudEvent("/crm/eu", "a-1")).toString());
    assertThat(answer.header("Location")).isEqualTo(PATH + "/" + stored.at("/id").asString());
    assertThat(stored.at("/occurred_at").asString()).isEqualTo("2024-05-15T15:00:01Z");
    assertThat(stored.at("/content").asString()).isEqualTo("Grüße 🐘");
    assertThat(stored.at("/dedupe_key").isNull()).isTrue();
  }

  @Test
  void the_same_event_has_one_id_in_every_mode() {
    for (Mode mode : Mode.values()) {
      assertThat(send(mode, attributes(), data(""), "Prefer", "respond-async").json().at("/id").asString())
          .isEqualTo(id(new Identity.CloudEvent("/crm/eu", "a-1")).toString());
    }
    Answer quoted = CLIENT.send("POST", PATH, data(""), "ce-specversion", "\"1.0\"", "ce-type", "\"" + TYPE + "\"",
        "ce-source", "%2Fcrm%2feu", "ce-id", "\"a\\-1\"", "Prefer", "respond-async");
    assertThat(quoted.json().at("/id").asString())
        .isEqualTo(id(new Identity.CloudEvent("/crm/eu", "a-1")).toString());
    String base64 = Base64.getEncoder().encodeToString(data("").getBytes(StandardCharsets.UTF_8));
    Answer encoded = CLIENT.send("POST", PATH,
        envelope(attributes(), "0").replace("\"data\":0", "\"data_base64\":\"" + base64 + "\""), "Content-Type",
        "application/cloudevents+json; charset=UTF-8", "Prefer", "respond-async");
    assertThat(encoded.json().at("/id").asString())
        .isEqualTo(id(new Identity.CloudEvent("/crm/eu", "a-1")).toString());
  }

  @ParameterizedTest
  @EnumSource
  void sent_again_it_is_a_duplicate(Mode mode) {
    WRITER.answer(spirit, CloudEventIntakeTest::duplicate);
    Answer answer = send(mode, attributes(), data(""));
    assertThat(answer.problem(409, "duplicate-event").at("/event_id").asString())
        .isEqualTo(id(new Identity.CloudEvent("/crm/eu", "a-1")).toString());
  }

  @ParameterizedTest
  @EnumSource
  void an_event_of_an_unknown_spirit_is_a_404(Mode mode) {
    WRITER.answer(spirit, (change, _) -> new Outcome.Rejected(((Change.EventCreated) change).id().value(),
        RejectionReason.UNKNOWN_SPIRIT, "there is no spirit " + spirit));
    send(mode, attributes(), data("")).problem(404, "unknown-spirit");
  }

  @ParameterizedTest
  @EnumSource
  void a_key_of_the_data_goes_before_source_and_id_which_the_record_still_says(Mode mode) {
    Answer answer = send(mode, attributes(), data(",\"dedupe_key\":\"k\""));
    assertThat(answer.json().at("/id").asString())
        .isEqualTo(id(new Identity.Key(new DedupeKey("k"))).toString());
    assertThat(published().record().header("ce_source")).isEqualTo("/crm/eu");
    assertThat(published().record().header("ce_id")).isEqualTo("a-1");
    assertThat(published().record().header("ce_subject")).isEqualTo(answer.json().at("/id").asString());
  }

  @ParameterizedTest
  @EnumSource
  void an_idempotency_key_goes_before_source_and_id_too(Mode mode) {
    WRITER.answer(spirit, CloudEventIntakeTest::duplicate);
    Answer answer = send(mode, attributes(), data(""), "Idempotency-Key", "\"k\"");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().at("/id").asString()).isEqualTo(id(new Identity.Key(new DedupeKey("k"))).toString());
    assertThat(published().record().header("ce_id")).isEqualTo("a-1");
  }

  @ParameterizedTest
  @EnumSource
  void the_key_that_a_source_uri_makes_depends_on_the_time_of_the_CloudEvent(Mode mode) {
    Answer answer = send(mode, attributes("time", "2024-05-15T15:00:01Z"), data(",\"source_uri\":\"mail:1\""));
    assertThat(answer.status()).isEqualTo(201);
    Change.EventCreated sent = Change.EventCreated.of(((Change.EventCreated) published().change()).event(),
        Instant.parse("2024-05-15T15:00:01Z"), new Identity.CloudEvent("/other", "x"));
    assertThat(answer.json().at("/id").asString()).isEqualTo(sent.id().toString());
  }

  @ParameterizedTest
  @EnumSource
  void occurred_at_goes_before_time_and_both_are_kept(Mode mode) {
    Answer answer = send(mode, attributes("time", "2024-05-15T15:00:09Z"),
        data(",\"occurred_at\":\"2024-05-15T15:00:01Z\""));
    assertThat(answer.json().at("/occurred_at").asString()).isEqualTo("2024-05-15T15:00:01Z");
    assertThat(published().record().header("ce_time")).isEqualTo("2024-05-15T15:00:09Z");
  }

  @ParameterizedTest
  @EnumSource
  void without_any_time_it_happened_now(Mode mode) {
    Instant before = Instant.now().minusMillis(1);
    Answer answer = send(mode, attributes(), data(""));
    Instant occurredAt = Instant.parse(answer.json().at("/occurred_at").asString());
    assertThat(occurredAt).isBetween(before, Instant.now());
    assertThat(published().record().header("ce_time")).isEqualTo(occurredAt.toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"source||/source", "id||/id", "type|com.example.created|/type",
      "type|com.elephantasm.spirit.created.v1|/type", "specversion|0.3|/specversion", "time|yesterday|/time",
      "time|2024-05-15T15:00:01|/time", "source|a b|/source", "subject|''|/subject", "dataschema|relative|/dataschema"})
  void each_attribute_is_checked_in_both_modes(String name, @Nullable String value, String pointer) {
    Map<String, String> attributes = attributes();
    if (value == null) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
    }
    JsonNode structured = send(Mode.STRUCTURED, attributes, data("")).problem(422, "invalid").at("/errors");
    assertThat(structured.size()).isEqualTo(1);
    assertThat(structured.at("/0/in").asString()).isEqualTo("body");
    assertThat(structured.at("/0/pointer").asString()).isEqualTo(pointer);
    JsonNode binary = send(Mode.BINARY, attributes, data("")).problem(422, "invalid").at("/errors");
    assertThat(binary.size()).isEqualTo(1);
    assertThat(binary.at("/0/in").asString()).isEqualTo("header");
    assertThat(binary.at("/0/pointer").asString()).isEqualTo("/ce-" + name);
    assertThat(binary.at("/0/message")).isEqualTo(structured.at("/0/message"));
    assertThat(reads()).isEmpty();
  }

  @Test
  void the_type_that_is_asked_for_is_named() {
    assertThat(
        send(Mode.BINARY, attributes("type", "other"), data("")).problem(422, "invalid").at("/detail").asString())
        .isEqualTo("header /ce-type must be com.elephantasm.event.created.v1");
  }

  @Test
  void everything_that_is_wrong_is_said_at_once_in_headers_and_body() {
    JsonNode errors = CLIENT.send("POST", PATH, "{\"agent_id\":7,\"event_type\":\"t\",\"colour\":\"red\"}", "ce-id",
        "%zz", "ce-time", "never", "ce-Bad_Name", "x", "ce-twice", "1", "ce-twice", "2", "ce-datacontenttype",
        "application/json", "ce-data", "{}", "ce-type", "\"open").problem(422, "invalid").at("/errors");
    assertThat(errors.valueStream().map(error -> error.at("/in").asString() + " " + error.at("/pointer").asString()))
        .containsExactlyInAnyOrder("header /ce-id", "header /ce-time", "header /ce-bad_name", "header /ce-twice",
            "header /ce-datacontenttype", "header /ce-data", "header /ce-type", "header /ce-specversion",
            "header /ce-source", "body /agent_id", "body /colour", "body /content");
  }

  @Test
  void everything_that_is_wrong_is_said_at_once_in_an_envelope() {
    JsonNode errors = CLIENT.send("POST", PATH, """
        {"specversion": 1.0, "id": "", "source": null, "time": {}, "subject": false, "Extension": "x", "number": 1.5,
         "large": 2147483648, "datacontenttype": "text/xml", "data": {"agent_id": "x", "event_type": "t", "colour": 1}}
        """, "Content-Type", "application/cloudevents+json").problem(422, "invalid").at("/errors");
    assertThat(errors.valueStream().map(error -> error.at("/pointer").asString())).containsExactly("/specversion",
        "/id", "/time", "/subject", "/Extension", "/number", "/large", "/datacontenttype", "/data/agent_id",
        "/data/colour", "/data/content", "/type", "/source");
    assertThat(errors.valueStream()).allSatisfy(error -> assertThat(error.at("/in").asString()).isEqualTo("body"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce-id", "ce-source", "ce-type", "ce-specversion"})
  void one_of_the_required_attributes_makes_it_a_CloudEvent_that_needs_the_others(String header) {
    JsonNode errors = CLIENT.send("POST", PATH, data(""), header, header.equals("ce-type") ? TYPE : "1.0")
        .problem(422, "invalid").at("/errors");
    assertThat(errors.valueStream().map(error -> error.at("/message").asString())).hasSize(3)
        .containsOnly("is required");
  }

  @Test
  void other_headers_that_begin_alike_make_no_CloudEvent() {
    assertThat(CLIENT.send("POST", PATH, data(""), "ce-time", "never", "ce-trace", "1", "Prefer", "respond-async")
        .status()).isEqualTo(202);
    assertThat(published().record().header("ce_source")).isEqualTo("/elephantasm/ingest");
    assertThat(published().record().header("ce_trace")).isNull();
  }

  @Test
  void in_structured_mode_the_body_counts_whatever_the_headers_repeat() {
    assertThat(CLIENT.send("POST", PATH, envelope(attributes(), data("")), "Content-Type",
        "Application/CloudEvents+JSON", "ce-id", "other", "Prefer", "respond-async").json().at("/id").asString())
        .isEqualTo(id(new Identity.CloudEvent("/crm/eu", "a-1")).toString());
  }

  @Test
  void header_bytes_beyond_ASCII_are_UTF_8() {
    assertThat(raw("Stra\u00c3\u009fe")).startsWith("HTTP/1.1 202");
    assertThat(((Change.EventCreated) published().change()).identity())
        .isEqualTo(new Identity.CloudEvent("/crm/eu", "Straße"));
    assertThat(raw("Stra\u00dfe")).startsWith("HTTP/1.1 422").contains("/ce-id");
  }

  /** No client that keeps to the rules sends such an id. */
  private String raw(String id) {
    String body = "{\"agent_id\":\"%s\",\"event_type\":\"t\",\"content\":\"\"}".formatted(spirit);
    return CLIENT.raw("""
        POST /api/v1/events HTTP/1.1
        Host: x
        Connection: close
        Prefer: respond-async
        Content-Type: application/json
        Content-Length: %d
        ce-specversion: 1.0
        ce-type: %s
        ce-source: /crm/eu
        ce-id: %s

        """.formatted(body.length(), TYPE, id).replace("\n", "\r\n") + body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/cloudevents", "application/cloudevents+avro", "application/cloudevents+xml",
      "application/cloudevents-batch+json", "application/cloudevents+json;charset=utf-16", "text/plain", ""})
  void another_content_type_is_a_415_that_names_those_that_are_taken(String type) {
    Answer answer = CLIENT.send("POST", PATH, envelope(attributes(), data("")), "Content-Type", type);
    answer.problem(415, "unsupported-media-type");
    assertThat(answer.header("Accept")).contains("application/cloudevents+json");
  }

  @Test
  void a_data_content_type_in_binary_mode_is_the_content_type_of_the_body() {
    send(Mode.BINARY, attributes(), data(""), "Content-Type", "text/json").problem(415, "unsupported-media-type");
    assertThat(send(Mode.BINARY, attributes(), data(""), "Content-Type", "application/json; charset=UTF-8", "Prefer",
        "respond-async").status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[", "{\"specversion\":\"1.0\",\"specversion\":\"1.0\"}",
      "{\"data\":{\"content\":1,\"content\":2}}", "{\"data\":01}"})
  void an_envelope_that_is_not_JSON_is_a_400(String body) {
    CLIENT.send("POST", PATH, body, "Content-Type", "application/cloudevents+json").problem(400, "malformed-json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "null", "7", "\"{}\""})
  void data_that_is_no_object_is_a_422(String data) {
    JsonNode problem = send(Mode.STRUCTURED, attributes(), data).problem(422, "invalid");
    assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/data");
    send(Mode.BINARY, attributes(), data).problem(422, "invalid");
  }

  @Test
  void an_envelope_has_the_limit_of_any_body() {
    String content = "x".repeat(1024 * 1024);
    String data = "{\"agent_id\":\"%s\",\"event_type\":\"t\",\"content\":\"%s\"}".formatted(spirit, content);
    send(Mode.STRUCTURED, attributes(), data).problem(413, "too-large");
    String depth = "[".repeat(998) + "]".repeat(998);
    assertThat(send(Mode.STRUCTURED, attributes(), data(",\"metadata\":{\"a\":" + depth + "}")).status())
        .isEqualTo(201);
    String beyond = "[".repeat(100_000);
    CLIENT.send("POST", PATH, "{\"data\":" + beyond, "Content-Type", "application/cloudevents+json").problem(400,
        "malformed-json");
  }

  @Test
  void what_a_reader_of_the_topic_makes_of_it_is_what_was_sent() {
    send(Mode.BINARY, attributes("time", "2024-05-15T15:00:09Z", "tenant", "Zürich"),
        data(",\"occurred_at\":\"2024-05-15T15:00:01Z\""));
    assertThat(((Change.EventCreated) published().change()).context()).isEqualTo(new CloudEventContext("/crm/eu", "a-1",
        Instant.parse("2024-05-15T15:00:09Z"), null, null, new TreeMap<>(Map.of("tenant", "Zürich"))));
  }
}
