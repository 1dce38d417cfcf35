package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JSON Schemas and the Java decoders are two statements of one contract: whatever is JSON, both accept it or neither does.
 * {@code -Dagreement.seed=} and {@code -Dagreement.documents=} look elsewhere and for longer.
 */
class SchemaAgreementTest {
  private static final long SEED = Long.getLong("agreement.seed", 20_240_515);
  private static final int DOCUMENTS = Integer.getInteger("agreement.documents", 6_000);

  private static final String ID = "\"4ed77144-2596-5006-899e-2dbe2ab3832e\"";
  private static final Map<String, String> NEW_EVENT = Map.ofEntries(Map.entry("agent_id", ID),
      Map.entry("event_type", "\"message.in\""), Map.entry("content", "\"Hello\""), Map.entry("meta_summary", "\"\""),
      Map.entry("role", "\"user\""), Map.entry("author", "null"),
      Map.entry("occurred_at", "\"2024-05-15T15:00:01.123456Z\""), Map.entry("session_id", "\"s\""),
      Map.entry("metadata", "{\"a\":[1,{\"b\":null}]}"), Map.entry("source_uri", "\"urn:x\""),
      Map.entry("dedupe_key", "\"k\""), Map.entry("importance_score", "0.5"));
  private static final Map<String, String> EVENT_AMENDMENT = Map.of("meta_summary", "\"short\"", "importance_score",
      "1",
      "metadata", "{}", "role", "null", "author", "\"ada\"", "is_deleted", "false");
  private static final Map<String, String> NEW_SPIRIT = Map.of("name", "\"Ada\"", "description", "null", "metadata",
      "{\"a\":1}");
  private static final Map<String, String> SPIRIT_AMENDMENT = Map.of("name", "\"Ada\"", "description", "\"\"",
      "metadata",
      "{}", "is_deleted", "true");

  enum Kind {
    NEW_EVENT_ON_THE_TOPIC("new-event.schema.json", NEW_EVENT,
        json -> NewEvent.fromJson(json, UnknownFields.IGNORE)), NEW_EVENT_OVER_HTTP("new-event.request.schema.json",
            NEW_EVENT,
            json -> NewEvent.fromJson(json, UnknownFields.REJECT)), EVENT_AMENDMENT_TOLERANT(
                "event-amendment.schema.json", EVENT_AMENDMENT,
                json -> EventAmendment.fromJson(json, UnknownFields.IGNORE)), EVENT_AMENDMENT_OVER_HTTP(
                    "event-amendment.request.schema.json", EVENT_AMENDMENT,
                    json -> EventAmendment.fromJson(json, UnknownFields.REJECT)), EVENT_AMENDED_ON_THE_TOPIC(
                        "event-amended.schema.json", with(EVENT_AMENDMENT, "id", "agent_id"),
                        json -> read(json, Payloads.eventAmended())), NEW_SPIRIT_TOLERANT("new-spirit.schema.json",
                            NEW_SPIRIT,
                            json -> NewSpirit.fromJson(json, UnknownFields.IGNORE)), NEW_SPIRIT_OVER_HTTP(
                                "new-spirit.request.schema.json", NEW_SPIRIT,
                                json -> NewSpirit.fromJson(json, UnknownFields.REJECT)), SPIRIT_CREATED_ON_THE_TOPIC(
                                    "spirit-created.schema.json", with(NEW_SPIRIT, "id"),
                                    json -> read(json, Payloads.spiritCreated())), SPIRIT_AMENDMENT_TOLERANT(
                                        "spirit-amendment.schema.json", SPIRIT_AMENDMENT,
                                        json -> SpiritAmendment.fromJson(json,
                                            UnknownFields.IGNORE)), SPIRIT_AMENDMENT_OVER_HTTP(
                                                "spirit-amendment.request.schema.json", SPIRIT_AMENDMENT,
                                                json -> SpiritAmendment.fromJson(json,
                                                    UnknownFields.REJECT)), SPIRIT_AMENDED_ON_THE_TOPIC(
                                                        "spirit-amended.schema.json", with(SPIRIT_AMENDMENT, "id"),
                                                        json -> read(json, Payloads.spiritAmended()));

    private final ContractSchema schema;
    private final Map<String, String> valid;
    private final Function<byte[], Decoded<?>> decoder;

    Kind(String schema, Map<String, String> valid, Function<byte[], Decoded<?>> decoder) {
      this.schema = ContractSchema.of(schema);
      this.valid = new TreeMap<>(valid);
      this.decoder = decoder;
    }

    private static Decoded<?> read(byte[] json, ObjectDecoder<?> decoder) {
      return ObjectDecoder.decode(json, UnknownFields.IGNORE, decoder);
    }

    private static Map<String, String> with(Map<String, String> members, String... ids) {
      Map<String, String> all = new TreeMap<>(members);
      for (String id : ids) {
        all.put(id, ID);
      }
      return all;
    }

    /** Whether both accept it; where they disagree, a failure that shows the document. */
    boolean accepts(String json) {
      boolean bySchema = schema.accepts(ExactJson.tree(json));
      Decoded<?> decoded = decoder.apply(json.getBytes(StandardCharsets.UTF_8));
      assertThat(decoded).as("seed %d, JSON within limits: %s", SEED, json).isNotInstanceOf(Decoded.Malformed.class);
      assertThat(bySchema).as("seed %d, the schema beside %s of %s", SEED, decoded, json)
          .isEqualTo(decoded instanceof Decoded.Valid);
      return bySchema;
    }

    boolean acceptsWith(String name, String value) {
      Map<String, String> members = new TreeMap<>(valid);
      members.put(name, value);
      List<String> texts = new ArrayList<>();
      members.forEach((key, text) -> texts.add('"' + key + "\":" + text));
      return accepts('{' + String.join(",", texts) + '}');
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatever_is_made_of_a_valid_document_is_judged_alike(Kind kind) {
    HostileDocuments documents = new HostileDocuments(new Random(SEED), kind.valid);
    int accepted = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      accepted += kind.accepts(documents.next()) ? 1 : 0;
    }
    // A generator that makes only bad documents, or only good ones, would prove little.
    assertThat(accepted).isBetween(DOCUMENTS / 20, DOCUMENTS * 19 / 20);
  }

  @ParameterizedTest
  @EnumSource
  void other_values_than_objects_and_empty_objects_are_judged_alike(Kind kind) {
    for (String json : List.of("null", "true", "0", "\"\"", "\"{}\"", "[]", "[{}]", "\"\\ud800\"", "1e99999999999")) {
      assertThat(kind.accepts(json)).isFalse();
    }
    kind.accepts("{}");
    kind.accepts("{\"unknown\":\"\\u0000\"}");
  }

  @ParameterizedTest
  @EnumSource
  void null_is_judged_alike_in_every_field(Kind kind) {
    kind.valid.keySet().forEach(name -> kind.acceptsWith(name, "null"));
  }

  @Test
  void every_character_of_the_basic_plane_is_blank_for_both_or_for_neither() {
    int refused = 0;
    for (int character = 0; character <= 0xFFFF; character++) {
      refused += Kind.NEW_SPIRIT_TOLERANT.accepts("{\"name\":\"\\u%04x\"}".formatted(character)) ? 0 : 1;
    }
    int blank = 29;
    int nul = 1;
    int surrogates = 0xE000 - 0xD800;
    assertThat(refused).isEqualTo(blank + nul + surrogates);
  }

  @Test
  void lengths_count_code_points() {
    Map<String, Integer> limits = Map.of("event_type", 100, "role", 50, "author", 255, "session_id", 255, "dedupe_key",
        255);
    limits.forEach((field, limit) -> {
      for (String character : List.of("a", "\ud83d\ude00", "\\ud83d\\ude00")) {
        assertThat(Kind.NEW_EVENT_OVER_HTTP.acceptsWith(field, '"' + character.repeat(limit) + '"')).isTrue();
        assertThat(Kind.NEW_EVENT_OVER_HTTP.acceptsWith(field, '"' + character.repeat(limit + 1) + '"')).isFalse();
      }
    });
  }

  @Test
  void importance_is_compared_as_the_decimal_that_was_sent() {
    for (String inside : List.of("0", "-0", "-0.0e7", "1", "1.0", "1e0", "10e-1", "0.99999999999999999999", "1e-400",
        "1e-99999999999", "0e99999999999", "0." + "9".repeat(900))) {
      assertThat(Kind.NEW_EVENT_OVER_HTTP.acceptsWith("importance_score", inside)).as(inside).isTrue();
    }
    for (String outside : List.of("1.00000000000000000001", "-1e-400", "-0.0001e-99999999999", "1e400", "1e99999999999",
        "12345678901234567890", "1." + "0".repeat(900) + "1")) {
      assertThat(Kind.NEW_EVENT_OVER_HTTP.acceptsWith("importance_score", outside)).as(outside).isFalse();
    }
  }
}
