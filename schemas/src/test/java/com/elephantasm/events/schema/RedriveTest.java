package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedriveTest {
  private static final SpiritId SPIRIT = new SpiritId(UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e"));
  private static final RecordPosition POSITION = new RecordPosition("elephantasm.events", 3, 1207);
  private static final RecordPosition LATER = new RecordPosition("elephantasm.events", 3, 5000);
  private static final Instant TIME = Instant.parse("2024-05-15T15:00:01.123Z");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PLAIN = """
      {"agent_id":"%s","event_type":"t","content":""}""".formatted(SPIRIT);
  private static final UUID ID = UUID.fromString("018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46");

  private static ReceivedRecord rejected(byte @Nullable [] key, @Nullable String value, RecordHeader... headers) {
    return new ReceivedRecord(POSITION, TIME, key, List.of(headers), value == null ? null : bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ReceivedRecord redriven(ReceivedRecord rejected) {
    return read(ChangeCodec.encodeAgain(rejected, Redrive.of(rejected, ID), NOW, null));
  }

  private static ReceivedRecord read(RecordToResend record) {
    return new ReceivedRecord(LATER, record.timestamp(), record.key(), record.headers(), record.value());
  }

  @Test
  void a_plain_record_is_the_same_event_with_the_same_times_however_often_it_is_redriven() {
    ReceivedRecord plain = rejected(null, PLAIN);
    ReceivedRecord once = redriven(plain);
    ReceivedRecord twice = redriven(once);

    assertThat(ChangeCodec.decode(once)).isEqualTo(ChangeCodec.decode(plain));
    assertThat(ChangeCodec.decode(twice)).isEqualTo(ChangeCodec.decode(plain));
    assertThat(twice.timestamp()).isEqualTo(TIME);
    assertThat(twice.redrive()).isEqualTo(new Redrive(ID, POSITION, false));
    assertThat(twice.headers()).hasSize(1);
  }

  @Test
  void it_comes_under_the_key_of_its_spirit_so_that_it_is_in_order_with_its_other_changes() {
    assertThat(redriven(rejected(null, PLAIN)).key()).asString().isEqualTo(SPIRIT.toString());
    assertThat(redriven(rejected(bytes("wrong"), PLAIN)).key()).asString().isEqualTo(SPIRIT.toString());
  }

  @Test
  void what_cannot_be_read_comes_as_it_was() {
    ReceivedRecord broken = redriven(rejected(new byte[]{0, -1}, "{", new RecordHeader("x", null)));
    assertThat(broken.key()).containsExactly(0, -1);
    assertThat(broken.value()).asString().isEqualTo("{");
    assertThat(broken.headers().getFirst()).isEqualTo(new RecordHeader("x", null));
    assertThat(broken.timestamp()).isEqualTo(TIME);

    assertThat(redriven(rejected(null, null)).key()).isNull();
    assertThat(redriven(rejected(null, null)).value()).isNull();
  }

  @Test
  void who_asked_for_the_outcome_then_is_not_told_of_this_one() {
    ReplyTo replyTo = new ReplyTo("writer", "7");
    ReceivedRecord asked = rejected(null, PLAIN, RecordHeader.of(HeaderNames.REPLY_TO, "ingest"),
        RecordHeader.of(HeaderNames.REQUEST_ID, "42"));

    assertThat(redriven(asked).replyTo()).isNull();
    assertThat(redriven(asked).redrive()).isEqualTo(new Redrive(ID, POSITION, true));
    assertThat(read(ChangeCodec.encodeAgain(asked, Redrive.of(asked, ID), NOW, replyTo)).replyTo()).isEqualTo(replyTo);
  }

  @Test
  void a_change_takes_effect_when_it_is_redriven() {
    RecordHeader type = RecordHeader.of(HeaderNames.TYPE, ChangeCodec.EVENT_AMENDED);
    ReceivedRecord amendment = rejected(null, """
        {"id":"d0d8944b-2df2-8e75-ab36-92408fc826eb","agent_id":"%s","role":"r"}""".formatted(SPIRIT), type);
    assertThat(ChangeCodec.decode(amendment)).isInstanceOf(DecodedChange.Readable.class);
    assertThat(redriven(amendment).timestamp()).isEqualTo(NOW);
    assertThat(ChangeCodec.encodeAgain(amendment, Redrive.of(amendment, ID), TIME.minusSeconds(1), null).timestamp())
        .isEqualTo(TIME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46", "1-1-1-1-1/elephantasm.events/3/1207",
      "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/a b/3/1207", "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/t/-1/1207",
      "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/t/9999999999/1",
      "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/t/3/9999999999999999999",
      "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/t/3/1207/no", "018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/t/3/1207\n"})
  void any_other_header_is_as_good_as_none(String header) {
    ReceivedRecord record = rejected(null, PLAIN, RecordHeader.of(HeaderNames.REDRIVE, header));
    assertThat(record.redrive()).isNull();
    assertThat(ChangeCodec.decode(record)).isEqualTo(ChangeCodec.decode(rejected(null, PLAIN)));
    assertThat(rejected(null, PLAIN, new RecordHeader(HeaderNames.REDRIVE, null)).redrive()).isNull();
  }

  @Test
  void the_header_is_written_as_the_document_says() {
    assertThat(new Redrive(ID, POSITION, false).header())
        .isEqualTo("018f7ce6-d2c8-7a55-8d3f-5b7c9e1f2a46/elephantasm.events/3/1207");
    assertThat(Redrive.parse(new Redrive(ID, POSITION, true).header())).isEqualTo(new Redrive(ID, POSITION, true));
  }

  @Test
  void a_value_that_a_person_wrote_is_held_to_the_letter_of_the_contract() {
    ReceivedRecord misspelt = rejected(null, PLAIN.replace("\"content\"", "\"contnt\":\"x\",\"content\""));
    assertThat(ChangeCodec.decode(misspelt)).isInstanceOf(DecodedChange.Readable.class);
    assertThat(ChangeCodec.decode(misspelt, UnknownFields.REJECT)).isInstanceOfSatisfying(
        DecodedChange.Unreadable.class, unreadable -> assertThat(unreadable.detail()).contains("/contnt"));
  }
}
