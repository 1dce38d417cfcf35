package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":1.0}", "{\"a\":1e2,\"b\":1E+2,\"c\":1.50e-0007}",
      "{\"a\":12345678901234567890,\"b\":-98765432109876543210.0123456789012345678901234567890}",
      "{\"a\":-0,\"b\":-0.0}",
      "{\"a\":1e99999999999}", "{\"z\":1,\"a\":2,\"m\":3,\"\":4}", "{\"a\":[null,true,false,[],{},[[1],\"x\"]]}",
      "{\"é\":\"中😀\",\"\u2028\":\"\u2029\ufeff\uffff\"}", "{\"a\":\"line\\nbreak \\\"quoted\\\" \\\\ \\u0001\"}",
      "{\"a/b~c\":{\"a/b~c\":\"/\"}}"})
  void comes_back_letter_by_letter(String json) {
    assertThat(read(json)).isEqualTo(json);
  }

  @Test
  void loses_its_white_space_and_needless_escapes() {
    assertThat(read(" { \"a\" :\n[ 1 ,\t2 ] , \"\\u0062\" : \"\\/\\ud83d\\ude00\" } "))
        .isEqualTo("{\"a\":[1,2],\"b\":\"/😀\"}");
  }

  @Test
  void may_be_900_deep() {
    String json = "{\"a\":".repeat(450) + "[".repeat(450) + "1" + "]".repeat(450) + "}".repeat(450);
    assertThat(read(json)).isEqualTo(json);
  }

  @Test
  void holds_every_character_that_postgresql_can() {
    int[] characters = IntStream.rangeClosed(1, Character.MAX_CODE_POINT)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE).toArray();
    String all = new String(characters, 0, characters.length);
    byte[] json = Json.bytes(writer -> {
      writer.writeStartObject().writeName("all").writeString(all);
      // A name may be at most 50,000 chars long.
      for (int from = 0; from < characters.length; from += 20_000) {
        writer.writeName(new String(characters, from, Math.min(20_000, characters.length - from))).writeNull();
      }
      writer.writeEndObject();
    });
    Metadata metadata = new Metadata(new String(json, StandardCharsets.UTF_8));
    NewEvent event = new NewEvent(new SpiritId(new UUID(1, 2)), "t", all, all, null, null, null, null, metadata, all,
        null, null);
    assertThat(Decode.valid(NewEvent.fromJson(Payloads.of(event), UnknownFields.REJECT))).isEqualTo(event);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "null", "{"})
  void is_an_object(String json) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Metadata(json));
  }

  private static String read(String metadata) {
    return Decode.newEvent("""
        {"agent_id":"4ed77144-2596-5006-899e-2dbe2ab3832e","event_type":"t","content":"","metadata":%s}"""
        .formatted(metadata)).metadata().json();
  }
}
