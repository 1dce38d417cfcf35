package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeCodecTest {
  private static final UUID ID = UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e");
  private static final Instant TIME = Instant.parse("2024-05-15T15:00:01.5Z");
  private static final Event FULL = new Event(new EventId(ID), new SpiritId(ID), "message.in", "a\n中😀", "m", "r", "a",
      TIME.plusNanos(1000), "s", new Metadata("{\"n\":1.0}"), "urn:x", new DedupeKey("k"), 1.0, TIME,
      TIME.plusMillis(1),
      true);
  private static final Event BARE = new Event(new EventId(ID), new SpiritId(ID), "t", "", null, null, null, TIME, null,
      Metadata.EMPTY, null, null, null, TIME, TIME, false);
  private static final Spirit SPIRIT = new Spirit(new SpiritId(ID), "Ada", null, Metadata.EMPTY, TIME, TIME, false);

  static Stream<Outcome> outcomes() {
    return Stream.concat(
        Stream.of(new Outcome.EventStored(FULL), new Outcome.EventStored(BARE), new Outcome.EventDuplicate(FULL),
            new Outcome.EventAmended(BARE), new Outcome.SpiritStored(SPIRIT), new Outcome.SpiritAmended(SPIRIT)),
        Arrays.stream(RejectionReason.values()).map(reason -> new Outcome.Rejected(ID, reason, "why \"so\"")));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void an_outcome_is_read_as_it_was_written(Outcome outcome) {
    RecordToSend record = encode(outcome);
    assertThat(Decode.valid(OutcomeCodec.decode(record.value()))).isEqualTo(outcome);
    assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo(ID.toString());
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void an_outcome_passes_its_schema(Outcome outcome) {
    String json = new String(encode(outcome).value(), StandardCharsets.UTF_8);
    assertThat(ContractSchema.of("outcome.schema.json").problems(ExactJson.tree(json))).isEmpty();
  }

  @Test
  void the_deepest_event_that_is_accepted_has_an_outcome_that_can_be_read() {
    String metadata = "{\"a\":" + "[".repeat(Json.MAX_DEPTH - 2) + "]".repeat(Json.MAX_DEPTH - 2) + "}";
    NewEvent sent = Decode.valid(NewEvent.fromJson(
        "{\"agent_id\":\"%s\",\"event_type\":\"t\",\"content\":\"\",\"metadata\":%s}".formatted(ID, metadata)
            .getBytes(StandardCharsets.UTF_8),
        UnknownFields.REJECT));
    Outcome outcome = new Outcome.EventStored(
        Change.EventCreated.of(sent, TIME, new Identity.CloudEvent("/test", "1")).stored(TIME));
    assertThat(Decode.valid(OutcomeCodec.decode(encode(outcome).value()))).isEqualTo(outcome);
  }

  @Test
  void an_outcome_goes_to_who_asked() {
    RecordToSend record = encode(new Outcome.EventStored(BARE));
    ReceivedRecord received = new ReceivedRecord(new RecordPosition("elephantasm.outcomes", 0, 0), TIME, record.key(),
        record.headers(), record.value());
    assertThat(received.replyTo()).isEqualTo(new ReplyTo("ingest-1", "42"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{}", "{\"status\":null,\"id\":null}",
      "{\"status\":\"stored\",\"id\":\"%s\"}",
      "{\"status\":\"postponed\",\"id\":\"%s\"}",
      "{\"status\":\"rejected\",\"id\":\"%s\",\"reason\":\"too-late\",\"detail\":\"d\"}",
      "{\"status\":\"rejected\",\"id\":\"%s\",\"reason\":\"invalid\"}",
      "{\"status\":\"stored\",\"id\":\"%s\",\"event\":null}", "{\"status\":\"stored\",\"id\":\"%s\",\"event\":{}}",
      "{\"status\":\"stored\",\"id\":\"%s\",\"spirit\":{\"id\":\"%1$s\",\"name\":\"\"}}",
      "{\"status\":\"stored\",\"id\":\"%s\",\"spirit\":[1]}"})
  void what_is_no_outcome_that_is_known_is_no_exception(String json) {
    assertThat(OutcomeCodec.decode(json.formatted(ID).getBytes(StandardCharsets.UTF_8)))
        .isNotInstanceOf(Decoded.Valid.class);
  }

  @Test
  void what_is_wrong_inside_is_pointed_at() {
    String json = new String(encode(new Outcome.EventStored(BARE)).value(), StandardCharsets.UTF_8);
    String withoutTime = json.replaceFirst("\"occurred_at\":\"[^\"]*\"", "\"occurred_at\":null");
    assertThat(Decode.violations(OutcomeCodec.decode(withoutTime.getBytes(StandardCharsets.UTF_8))))
        .extracting(Violation::pointer).containsExactly("/event/occurred_at");
  }

  @ParameterizedTest
  @ValueSource(longs = {20_240_515})
  void any_bytes_have_an_answer(long seed) {
    Random random = new Random(seed);
    byte[] valid = encode(new Outcome.EventStored(FULL)).value();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = valid.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      bytes[random.nextInt(bytes.length)] = (byte) "{}[]\":,n0".charAt(random.nextInt(9));
      assertThat(OutcomeCodec.decode(bytes)).isNotNull();
    }
  }

  private static RecordToSend encode(Outcome outcome) {
    return OutcomeCodec.encode(outcome, new RecordPosition("elephantasm.events", 3, 1207),
        new ReplyTo("ingest-1", "42"));
  }
}
