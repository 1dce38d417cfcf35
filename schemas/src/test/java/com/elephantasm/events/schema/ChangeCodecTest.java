package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeCodecTest {
  private static final SpiritId SPIRIT = new SpiritId(UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e"));
  private static final EventId EVENT = new EventId(UUID.fromString("d0d8944b-2df2-8e75-ab36-92408fc826eb"));
  private static final Instant TIME = Instant.parse("2024-05-15T15:00:01.123456Z");
  private static final RecordPosition POSITION = new RecordPosition("elephantasm.events", 3, 1207);
  private static final Identity CLOUD_EVENT = new Identity.CloudEvent("/crm?ü=1", "a-1");
  private static final Metadata METADATA = new Metadata("{\"n\":1.0,\"i\":12345678901234567890,\"s\":\"😀\"}");
  private static final String MINIMAL = """
      {"agent_id":"4ed77144-2596-5006-899e-2dbe2ab3832e","event_type":"t","content":""}""";

  static Stream<Change> changes() {
    NewEvent full = new NewEvent(SPIRIT, "message.in", "a\n\"b\" 中😀", "short", "user", "ada", TIME, "s", METADATA,
        "urn:x", new DedupeKey("k"), 0.1);
    NewEvent bySourceUri = new NewEvent(SPIRIT, "t", "", "", "", "", null, "", Metadata.EMPTY, "", null, 0.0);
    NewEvent minimal = new NewEvent(SPIRIT, "t", "", null, null, null, null, null, Metadata.EMPTY, null, null, null);
    return Stream.of(new Change.SpiritCreated(SPIRIT, new NewSpirit("Ada 😀", "what for", METADATA)),
        new Change.SpiritCreated(SPIRIT, new NewSpirit("Ada", null, Metadata.EMPTY)),
        new Change.SpiritAmended(SPIRIT, SpiritAmendment.deletion()),
        new Change.SpiritAmended(SPIRIT,
            new SpiritAmendment(new FieldChange.SetTo<>("Eve"), new FieldChange.Cleared<>(),
                new FieldChange.SetTo<>(METADATA), new FieldChange.SetTo<>(false))),
        Change.EventCreated.of(full, TIME.plusSeconds(9), CLOUD_EVENT),
        Change.EventCreated.of(bySourceUri, TIME, CLOUD_EVENT), Change.EventCreated.of(minimal, TIME, CLOUD_EVENT),
        new Change.EventAmended(SPIRIT, EVENT, EventAmendment.deletion()),
        new Change.EventAmended(SPIRIT, EVENT,
            new EventAmendment(new FieldChange.SetTo<>(""), new FieldChange.SetTo<>(1e-9),
                new FieldChange.SetTo<>(METADATA), new FieldChange.Cleared<>(), new FieldChange.Unchanged<>(),
                new FieldChange.SetTo<>(false))),
        new Change.EventAmended(SPIRIT, EVENT,
            new EventAmendment(new FieldChange.Cleared<>(), new FieldChange.Cleared<>(), new FieldChange.Unchanged<>(),
                new FieldChange.SetTo<>("r"), new FieldChange.Cleared<>(), new FieldChange.Unchanged<>())));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void a_change_is_read_as_it_was_written(Change change) {
    ReplyTo replyTo = new ReplyTo("ingest-1", "42");
    ReceivedRecord received = received(ChangeCodec.encode(change, "/test", TIME, replyTo));
    assertThat(ChangeCodec.decode(received)).isEqualTo(new DecodedChange.Readable(change));
    assertThat(received.key()).asString(StandardCharsets.UTF_8).isEqualTo(change.spiritId().toString());
    assertThat(received.replyTo()).isEqualTo(replyTo);
    assertThat(received(ChangeCodec.encode(change, "/test", TIME, null)).replyTo()).isNull();
  }

  @ParameterizedTest
  @MethodSource("changes")
  void a_change_is_a_cloudevent_whose_data_passes_its_schema(Change change) {
    RecordToSend record = ChangeCodec.encode(change, "/test", TIME, null);
    ReceivedRecord received = received(record);
    assertThat(record.headers()).extracting(RecordHeader::name).doesNotHaveDuplicates().containsExactlyInAnyOrder(
        "ce_specversion", "ce_type", "ce_source", "ce_id", "ce_time", "ce_subject", "content-type");
    assertThat(received.header(HeaderNames.SPEC_VERSION)).isEqualTo("1.0");
    String schema = switch (change) {
      case Change.SpiritCreated _ -> "spirit-created.schema.json";
      case Change.SpiritAmended _ -> "spirit-amended.schema.json";
      case Change.EventCreated _ -> "new-event.schema.json";
      case Change.EventAmended _ -> "event-amended.schema.json";
    };
    assertThat(ContractSchema.of(schema).problems(ExactJson.tree(new String(record.value(), StandardCharsets.UTF_8))))
        .isEmpty();
  }

  @Test
  void a_record_without_headers_is_a_new_event_that_its_position_identifies() {
    Instant timestamp = Instant.parse("2024-05-15T15:00:02.5Z");
    ReceivedRecord record = new ReceivedRecord(POSITION, timestamp, null, List.of(), bytes(MINIMAL));
    assertThat(created(record)).isEqualTo(
        Change.EventCreated.of(Decode.newEvent(MINIMAL), timestamp, new Identity.Position(POSITION)));
    assertThat(created(record).occurredAt()).isEqualTo(timestamp);
  }

  @Test
  void an_event_that_its_position_identifies_is_not_published_again() {
    Change atPosition = created(new ReceivedRecord(POSITION, TIME, null, List.of(), bytes(MINIMAL)));
    assertThatIllegalArgumentException().isThrownBy(() -> ChangeCodec.encode(atPosition, "/test", TIME, null))
        .withMessageContaining("elephantasm.events-3@1207");
  }

  @Test
  void ce_time_fills_occurred_at_before_the_timestamp_of_the_record_does() {
    assertThat(created(record(MINIMAL, "ce_time", "2020-01-01T00:00:00.1234567+01:00")).occurredAt())
        .isEqualTo("2019-12-31T23:00:00.123456Z");
    assertThat(created(record(MINIMAL, "ce_time", "yesterday")).occurredAt()).isEqualTo(TIME);
    String withTime = MINIMAL.replace("}", ",\"occurred_at\":\"2021-01-01T00:00:00Z\"}");
    assertThat(created(record(withTime, "ce_time", "2020-01-01T00:00:00Z")).occurredAt())
        .isEqualTo("2021-01-01T00:00:00Z");
  }

  @Test
  void source_and_id_identify_only_together() {
    assertThat(created(record(MINIMAL, "ce_source", "/s", "ce_id", "1")).identity())
        .isEqualTo(new Identity.CloudEvent("/s", "1"));
    assertThat(created(record(MINIMAL, "ce_source", "/s")).identity()).isEqualTo(new Identity.Position(POSITION));
    assertThat(created(record(MINIMAL, "ce_id", "1")).identity()).isEqualTo(new Identity.Position(POSITION));
  }

  @Test
  void of_headers_with_one_name_the_last_counts_and_one_without_value_is_none() {
    assertThat(created(record(MINIMAL, "ce_source", "/s", "ce_id", "1", "ce_id", "2")).identity())
        .isEqualTo(new Identity.CloudEvent("/s", "2"));
    List<RecordHeader> withoutValue = List.of(new RecordHeader("ce_type", null));
    assertThat(ChangeCodec.decode(new ReceivedRecord(POSITION, TIME, null, withoutValue, bytes(MINIMAL))))
        .isInstanceOf(DecodedChange.Readable.class);
  }

  @Test
  void what_cannot_be_read_says_why() {
    assertThat(ChangeCodec.decode(new ReceivedRecord(POSITION, TIME, null, List.of(), null)))
        .isEqualTo(new DecodedChange.Unreadable(RejectionReason.MALFORMED, "the record has no value"));
    assertThat(reason(record("{"))).isEqualTo(RejectionReason.MALFORMED);
    assertThat(reason(record("{}"))).isEqualTo(RejectionReason.INVALID);
    assertThat(reason(record(MINIMAL, "ce_type", "com.elephantasm.event.created.v2")))
        .isEqualTo(RejectionReason.UNSUPPORTED_TYPE);
    assertThat(ChangeCodec.decode(record("{\"agent_id\":1,\"event_type\":\"t\"}")))
        .isEqualTo(new DecodedChange.Unreadable(
            RejectionReason.INVALID, "/agent_id must be a UUID, was a number; /content is required"));
  }

  @ParameterizedTest
  @ValueSource(longs = {20_240_515})
  void any_bytes_have_an_answer(long seed) {
    Random random = new Random(seed);
    List<RecordToSend> valid = changes().map(change -> ChangeCodec.encode(change, "/test", TIME, null)).toList();
    for (int i = 0; i < 100_000; i++) {
      RecordToSend record = valid.get(random.nextInt(valid.size()));
      byte[] value = mutated(record.value(), random);
      List<RecordHeader> headers = random.nextInt(4) == 0 ? mutated(record.headers(), random) : record.headers();
      ReceivedRecord received = new ReceivedRecord(POSITION, TIME, null, headers, value);
      try {
        ChangeCodec.decode(received);
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d, value %s".formatted(seed, new String(value, StandardCharsets.ISO_8859_1)),
            e);
      }
    }
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = Arrays.copyOf(valid, random.nextInt(5) == 0 ? random.nextInt(valid.length + 8) : valid.length);
    for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      byte[] tempting = bytes("{}[]\":,\\u0dDeE+-.0198 \n\u0000");
      bytes[random.nextInt(bytes.length)] = random.nextBoolean()
          ? tempting[random.nextInt(tempting.length)]
          : (byte) random.nextInt();
    }
    return bytes;
  }

  private static List<RecordHeader> mutated(List<RecordHeader> valid, Random random) {
    List<RecordHeader> headers = new ArrayList<>(valid);
    int index = random.nextInt(headers.size());
    RecordHeader header = headers.remove(index);
    byte[] value = header.value();
    if (value != null && random.nextBoolean()) {
      headers.add(new RecordHeader(header.name(), random.nextBoolean() ? mutated(value, random) : null));
    }
    return headers;
  }

  private static @Nullable RejectionReason reason(ReceivedRecord record) {
    return ChangeCodec.decode(record) instanceof DecodedChange.Unreadable(RejectionReason reason, String _)
        ? reason
        : null;
  }

  private static Change.EventCreated created(ReceivedRecord record) {
    if (ChangeCodec.decode(record) instanceof DecodedChange.Readable(Change.EventCreated created)) {
      return created;
    }
    throw new AssertionError(ChangeCodec.decode(record));
  }

  private static ReceivedRecord record(String value, String... headers) {
    List<RecordHeader> list = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      list.add(RecordHeader.of(headers[i], headers[i + 1]));
    }
    return new ReceivedRecord(POSITION, TIME, null, list, bytes(value));
  }

  private static ReceivedRecord received(RecordToSend record) {
    return new ReceivedRecord(POSITION, TIME.plusSeconds(60), record.key(), record.headers(), record.value());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
