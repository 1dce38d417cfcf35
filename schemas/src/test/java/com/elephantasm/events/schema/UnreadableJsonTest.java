package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not JSON as we read it has no meaning that a schema could judge; it must still have an answer. */
class UnreadableJsonTest {
  private static final String EVENT = "{\"agent_id\":\"4ed77144-2596-5006-899e-2dbe2ab3832e\",\"event_type\":\"t\",\"content\":%s}";

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1", "nul",
      "NaN", "+1",
      "01", "1.", ".5", "0x10", "-", "1e", "\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"", "{} {}", "{}x", "{},", "// c\n{}",
      "/**/{}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":2}", "{\"x\":{\"a\":1,\"\\u0061\":2}}", "{\"content\":Infinity}",
      "True", "\u0000", "{}\u0000", "\u00a0{}", "{}]", "}"})
  void what_is_not_one_json_value_is_malformed(String text) {
    assertMalformed(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c0af", "c080", "c1bf", "e080af", "e08080", "f08080af", "eda080", "edbfbf",
      "eda0bdedb880", "f4908080",
      "f8888080af", "ff", "fe", "c3", "e282", "f09f98", "c328", "efbfbdff"})
  void bytes_that_are_not_utf_8_are_malformed_wherever_they_stand(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    String event = EVENT.formatted("\"x\"");
    for (int at : new int[]{0, event.indexOf("content"), event.indexOf("x\""), event.length()}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(event.substring(0, at).getBytes(StandardCharsets.UTF_8));
      bytes.writeBytes(bad);
      bytes.writeBytes(event.substring(at).getBytes(StandardCharsets.UTF_8));
      assertMalformed(bytes.toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
  void other_encodings_are_malformed(String charset) {
    assertMalformed(EVENT.formatted("\"x\"").getBytes(Charset.forName(charset)));
  }

  @Test
  void a_byte_order_mark_at_the_start_is_ignored() {
    assertThat(decode(("\ufeff" + EVENT.formatted("\"\ufeff\ufffd\"")).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(Decoded.Valid.class,
            valid -> assertThat(((NewEvent) valid.value()).content()).isEqualTo("\ufeff\ufffd"));
    assertMalformed("\ufeff\ufeff{}".getBytes(StandardCharsets.UTF_8));
    assertMalformed("{\ufeff}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void depth_and_numbers_are_read_up_to_a_limit() {
    assertThat(decode(withMetadata(nested(998)))).isInstanceOf(Decoded.Valid.class);
    assertMalformed(withMetadata(nested(1000)));
    assertMalformed(("[".repeat(1001) + "]".repeat(1001)).getBytes(StandardCharsets.UTF_8));
    assertMalformed("[".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
    assertThat(decode(withMetadata("9".repeat(1000)))).isInstanceOf(Decoded.Valid.class);
    assertMalformed(withMetadata("9".repeat(1001)));
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private static byte[] withMetadata(String value) {
    return EVENT.formatted("\"\",\"metadata\":{\"a\":%s}".formatted(value)).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void an_unreadable_member_that_nobody_asks_for_makes_all_of_it_malformed() {
    assertMalformed(EVENT.formatted("\"\",\"unknown\":[1,}").getBytes(StandardCharsets.UTF_8));
    assertMalformed(("{\"agent_id\":1,\"other\":" + "1".repeat(2000) + "}").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void what_is_wrong_can_be_told_of_characters_beyond_the_basic_plane_too() {
    assertThat(decode("{\ud83d\ude00}".getBytes(StandardCharsets.UTF_8))).isInstanceOfSatisfying(
        Decoded.Malformed.class,
        malformed -> assertThat(malformed.detail()).contains("Unexpected character").doesNotContainPattern("\\p{Cs}"));
  }

  private static Decoded<NewEvent> decode(byte[] json) {
    return NewEvent.fromJson(json, UnknownFields.IGNORE);
  }

  private static void assertMalformed(byte[] json) {
    assertThat(decode(json)).isInstanceOfSatisfying(Decoded.Malformed.class,
        malformed -> assertThat(malformed.detail()).containsPattern(".+ \\(line \\d+, column \\d+\\)$")
            .doesNotContain("Feature", "StreamRead"));
  }
}
