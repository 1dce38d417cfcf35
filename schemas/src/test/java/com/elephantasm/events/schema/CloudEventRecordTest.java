package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudEvents as records of the log: those that we write, and those in structured mode that others do. */
class CloudEventRecordTest {
  private static final SpiritId SPIRIT = new SpiritId(UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e"));
  private static final Instant TIME = Instant.parse("2024-05-15T15:00:01.123456Z");
  private static final RecordPosition POSITION = new RecordPosition("elephantasm.events", 3, 1207);
  private static final String MINIMAL = """
      {"agent_id":"4ed77144-2596-5006-899e-2dbe2ab3832e","event_type":"t","content":""}""";
  private static final String ENVELOPE = """
      {"data":%s,"specversion":"1.0","source":"/crm","id":"a-1","tenant":"eu","type":"%s"}""";
  private static final String STRUCTURED = "application/cloudevents+json";

  private static CloudEventContext context(@Nullable Instant time, @Nullable String subject,
      @Nullable String dataSchema, String... extensions) {
    TreeMap<String, String> map = new TreeMap<>();
    for (int i = 0; i < extensions.length; i += 2) {
      map.put(extensions[i], extensions[i + 1]);
    }
    return new CloudEventContext("/crm", "a-1", time, subject, dataSchema, map);
  }

  private static Change.EventCreated event(String more, CloudEventContext context) {
    return Change.EventCreated.of(Decode.newEvent(MINIMAL.replace("}", more + "}")), TIME, context);
  }

  private static RecordToSend encoded(Change change) {
    return ChangeCodec.encode(change, "/ingest-api", TIME, null);
  }

  private static ReceivedRecord received(RecordToSend record) {
    return new ReceivedRecord(POSITION, TIME.plusSeconds(60), record.key(), record.headers(), record.value());
  }

  private static ReceivedRecord record(String value, String... headers) {
    List<RecordHeader> list = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      list.add(RecordHeader.of(headers[i], headers[i + 1]));
    }
    return new ReceivedRecord(POSITION, TIME.plusSeconds(60), null, list, value.getBytes(StandardCharsets.UTF_8));
  }

  private static Change decoded(ReceivedRecord record) {
    if (ChangeCodec.decode(record) instanceof DecodedChange.Readable(Change change)) {
      return change;
    }
    throw new AssertionError(ChangeCodec.decode(record));
  }

  @Test
  void what_the_sender_said_is_in_the_headers_as_UTF_8() {
    Change.EventCreated change = event("", context(TIME, "Fälle/7", "urn:x", "tenant", "Zürich 😀", "empty", ""));
    ReceivedRecord record = received(encoded(change));
    assertThat(record.headers()).extracting(RecordHeader::name).containsExactly("ce_specversion", "ce_type",
        "ce_source", "ce_id", "ce_time", "ce_subject", "content-type", "ce_dataschema", "ce_empty", "ce_tenant");
    assertThat(record.header("ce_source")).isEqualTo("/crm");
    assertThat(record.header("ce_id")).isEqualTo("a-1");
    assertThat(record.header("ce_subject")).isEqualTo("Fälle/7");
    assertThat(record.header("ce_tenant")).isEqualTo("Zürich 😀");
    assertThat(record.header("ce_empty")).isEmpty();
    assertThat(record.header("ce_dataschema")).isEqualTo("urn:x");
  }

  @Test
  void a_key_of_its_own_does_not_hide_source_and_id() {
    Change.EventCreated change = event(",\"dedupe_key\":\"k\"", context(null, null, null));
    assertThat(change.identity()).isEqualTo(new Identity.Key(new DedupeKey("k")));
    ReceivedRecord record = received(encoded(change));
    assertThat(record.header("ce_source")).isEqualTo("/crm");
    assertThat(record.header("ce_id")).isEqualTo("a-1");
    assertThat(record.header("ce_subject")).isEqualTo(change.id().toString());
    assertThat(decoded(record)).isEqualTo(change);
  }

  @Test
  void a_time_that_differs_from_occurred_at_is_kept_and_occurred_at_counts() {
    Change.EventCreated change = event(",\"occurred_at\":\"2020-01-01T00:00:00Z\"", context(TIME, null, null));
    assertThat(change.occurredAt()).isEqualTo("2020-01-01T00:00:00Z");
    ReceivedRecord record = received(encoded(change));
    assertThat(record.header("ce_time")).isEqualTo(TIME.toString());
    assertThat(decoded(record)).isEqualTo(change);
  }

  @Test
  void an_event_that_came_plain_has_no_context() {
    NewEvent plain = Decode.newEvent(MINIMAL);
    Change.EventCreated byRequest = Change.EventCreated.of(plain, TIME, new Identity.CloudEvent("/ingest", "1"));
    Change.EventCreated byKey = Change.EventCreated.of(plain.withDedupeKey(new DedupeKey("k")), TIME,
        new Identity.CloudEvent("/ingest", "1"));
    for (Change.EventCreated change : List.of(byRequest, byKey)) {
      assertThat(change.context()).isNull();
      assertThat(decoded(received(encoded(change)))).isEqualTo(change);
    }
    assertThat(event("", context(TIME, null, null))).isEqualTo(event("", context(null, null, null)))
        .extracting(Change.EventCreated::context).isNull();
  }

  @Test
  void a_sender_who_names_the_event_by_its_id_keeps_its_name_on_the_topic() {
    EventId id = EventId.of(SPIRIT, new Identity.Key(new DedupeKey("k")));
    CloudEventContext context = new CloudEventContext("/crm", id.toString(), null, id.toString(), null,
        new TreeMap<>());
    assertThat(received(encoded(event(",\"dedupe_key\":\"k\"", context))).header("ce_source")).isEqualTo("/crm");
  }

  /** Senders of any kind, a few with the names that we would choose ourselves. */
  @ParameterizedTest
  @ValueSource(longs = {20_240_515})
  void whatever_its_sender_said_is_read_as_it_was_written(long seed) {
    Random random = new Random(seed);
    Set<Boolean> withContext = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      Change.EventCreated change = randomEvent(random);
      withContext.add(change.context() != null);
      assertThat(decoded(received(encoded(change)))).as("seed %d", seed).isEqualTo(change);
    }
    assertThat(withContext).hasSize(2);
  }

  private static Change.EventCreated randomEvent(Random random) {
    NewEvent event = new NewEvent(SPIRIT, "t", text(random), null, null, null, time(random), null, Metadata.EMPTY,
        random.nextInt(4) == 0 ? text(random) : null,
        random.nextInt(4) == 0 ? new DedupeKey("k" + text(random)) : null, null);
    TreeMap<String, String> extensions = new TreeMap<>();
    for (int extra = random.nextInt(4); extra > 0; extra--) {
      extensions.put("ext" + random.nextInt(10), text(random));
    }
    CloudEventContext context = new CloudEventContext("/" + text(random), "i" + text(random), time(random),
        random.nextBoolean() ? null : "s" + text(random), random.nextInt(3) > 0 ? null : "urn:x", extensions);
    return Change.EventCreated.of(event, TIME, context);
  }

  private static @Nullable Instant time(Random random) {
    return random.nextBoolean() ? null : TIME.plusSeconds(random.nextInt(3)).plusNanos(1000L * random.nextInt(2));
  }

  private static String text(Random random) {
    return random.ints(random.nextInt(6), 0, 6).mapToObj(i -> List.of("a", "ü", "😀", " ", "%20", "\"").get(i))
        .collect(Collectors.joining());
  }

  @Test
  void headers_that_are_no_attributes_are_no_extensions() {
    ReceivedRecord record = record(MINIMAL, "ce_source", "/crm", "ce_id", "a-1", "ce_Upper", "x", "ce_under_score",
        "x", "ce_", "x", "ce_data", "x", "ce_datacontenttype", "x", "ce-tenant", "x", "traceparent", "x",
        "elephantasm_reply_to", "i", "ce_tenant", "first", "ce_tenant", "last");
    assertThat(((Change.EventCreated) decoded(record)).context())
        .isEqualTo(context(null, null, null, "tenant", "last"));
  }

  @Test
  void an_extension_without_value_is_none() {
    List<RecordHeader> headers = List.of(RecordHeader.of("ce_source", "/crm"), RecordHeader.of("ce_id", "a-1"),
        RecordHeader.of("ce_tenant", "x"), new RecordHeader("ce_tenant", null));
    ReceivedRecord record = new ReceivedRecord(POSITION, TIME, null, headers,
        MINIMAL.getBytes(StandardCharsets.UTF_8));
    assertThat(((Change.EventCreated) decoded(record)).context()).isNull();
  }

  @Test
  void what_others_set_that_no_CloudEvent_can_have_still_names_the_event() {
    ReceivedRecord record = record(MINIMAL, "ce_source", "", "ce_id", "\u0007 ü", "ce_time", "yesterday", "ce_subject",
        "");
    Change.EventCreated change = (Change.EventCreated) decoded(record);
    assertThat(change.identity()).isEqualTo(new Identity.CloudEvent("", "\u0007 ü"));
    assertThat(change.occurredAt()).isEqualTo(TIME.plusSeconds(60));
  }

  @ParameterizedTest
  @ValueSource(strings = {STRUCTURED, "application/cloudevents+json; charset=UTF-8",
      "Application/CloudEvents+JSON;charset=\"utf-8\"", "application/cloudevents+json; a=b"})
  void a_structured_record_is_the_event_that_it_says(String contentType) {
    String envelope = ENVELOPE.formatted(MINIMAL, ChangeCodec.EVENT_CREATED);
    Change structured = decoded(record(envelope, "content-type", contentType));
    Change binary = decoded(
        record(MINIMAL, "ce_source", "/crm", "ce_id", "a-1", "ce_tenant", "eu", "content-type", "application/json"));
    assertThat(structured).isEqualTo(binary);
    assertThat(((Change.EventCreated) structured).identity()).isEqualTo(new Identity.CloudEvent("/crm", "a-1"));
  }

  @Test
  void headers_may_repeat_what_the_envelope_says_and_the_envelope_counts() {
    String envelope = ENVELOPE.formatted(MINIMAL, ChangeCodec.EVENT_CREATED);
    ReceivedRecord record = record(envelope, "ce_type", ChangeCodec.SPIRIT_CREATED, "ce_id", "other", "content-type",
        STRUCTURED, "elephantasm_reply_to", "i", "elephantasm_request_id", "7");
    assertThat(((Change.EventCreated) decoded(record)).identity()).isEqualTo(new Identity.CloudEvent("/crm", "a-1"));
    assertThat(record.replyTo()).isEqualTo(new ReplyTo("i", "7"));
  }

  @Test
  void time_fills_occurred_at_of_a_structured_record_before_its_timestamp_does() {
    String envelope = ENVELOPE.formatted(MINIMAL, ChangeCodec.EVENT_CREATED);
    assertThat(((Change.EventCreated) decoded(record(envelope, "content-type", STRUCTURED))).occurredAt())
        .isEqualTo(TIME.plusSeconds(60));
    String withTime = envelope.replace("\"tenant\":\"eu\"", "\"time\":\"2020-01-01T01:00:00+01:00\"");
    assertThat(((Change.EventCreated) decoded(record(withTime, "content-type", STRUCTURED))).occurredAt())
        .isEqualTo("2020-01-01T00:00:00Z");
  }

  static List<Change> changes() {
    return ChangeCodecTest.changes().toList();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void every_kind_of_change_can_be_published_in_structured_mode(Change change) {
    RecordToSend binary = encoded(change);
    String type = String.valueOf(received(binary).header("ce_type"));
    String envelope = ENVELOPE.formatted(new String(binary.value(), StandardCharsets.UTF_8), type);
    Change structured = decoded(record(envelope, "content-type", STRUCTURED));
    if (change instanceof Change.EventCreated created) {
      assertThat(((Change.EventCreated) structured).event()).isEqualTo(created.event());
    } else {
      assertThat(structured).isEqualTo(change);
    }
  }

  @Test
  void members_of_the_data_that_nobody_knows_are_ignored() {
    String envelope = ENVELOPE.formatted(MINIMAL.replace("}", ",\"colour\":1}"), ChangeCodec.EVENT_CREATED);
    assertThat(decoded(record(envelope, "content-type", STRUCTURED))).isInstanceOf(Change.EventCreated.class);
  }

  @Test
  void a_structured_record_that_cannot_be_read_says_why() {
    assertThat(rejection("{", STRUCTURED).reason()).isEqualTo(RejectionReason.MALFORMED);
    assertThat(rejection("[]", STRUCTURED))
        .isEqualTo(new DecodedChange.Unreadable(RejectionReason.INVALID, "must be a JSON object, was an array"));
    assertThat(rejection(MINIMAL, STRUCTURED).detail())
        .contains(
            "/specversion is required; /type is required; /source is required; /id is required; /data is required");
    assertThat(rejection(ENVELOPE.formatted("{}", ChangeCodec.EVENT_CREATED), STRUCTURED).detail())
        .isEqualTo("/data/agent_id is required; /data/event_type is required; /data/content is required");
    assertThat(rejection(ENVELOPE.formatted("{}", ChangeCodec.EVENT_AMENDED), STRUCTURED).detail())
        .isEqualTo("/data/id is required; /data/agent_id is required");
    assertThat(rejection(ENVELOPE.formatted(MINIMAL, "com.example.other"), STRUCTURED).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_TYPE);
    assertThat(rejection(ENVELOPE.formatted(MINIMAL, "").replace("\"type\":\"\"", "\"type\":7"), STRUCTURED).detail())
        .isEqualTo("/type must be a string, was a number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/cloudevents", "application/cloudevents+avro",
      "application/cloudevents-batch+json",
      "application/cloudevents+json; charset=utf-16", "application/cloudevents+jsonp"})
  void other_formats_of_CloudEvents_are_not_read(String contentType) {
    assertThat(rejection(ENVELOPE.formatted(MINIMAL, ChangeCodec.EVENT_CREATED), contentType).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_TYPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text/plain", "application/json", "application/cloud", "nonsense"})
  void any_other_content_type_is_binary_mode_as_ever(String contentType) {
    assertThat(decoded(record(MINIMAL, "content-type", contentType))).isInstanceOf(Change.EventCreated.class);
  }

  private static DecodedChange.Unreadable rejection(String value, String contentType) {
    return (DecodedChange.Unreadable) ChangeCodec.decode(record(value, "content-type", contentType));
  }
}
