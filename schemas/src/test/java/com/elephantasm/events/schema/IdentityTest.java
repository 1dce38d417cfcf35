package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ids, generated keys and payload digests are in every store and log there is: they can never change, and these vectors are
 * what guards them. The expected values were computed apart from this code, by Python's hashlib:
 *
 * <pre>
 * def fields(*fs):  # each after its length in 4 bytes, big-endian; -1 for one that is absent
 *     return b''.join(pack('>i', -1) if f is None else pack('>i', len(f.encode())) + f.encode() for f in fs)
 * def event_id(spirit, identity):
 *     first, rest = sha256(spirit.bytes).digest()[:4], bytearray(sha256(spirit.bytes + identity).digest()[:16])
 *     high, low = int.from_bytes(rest[:8]), int.from_bytes(rest[8:])
 *     return UUID(int=(int.from_bytes(first) << 32 | high >> 32 & 0xFFFF0000 | 0x8000 | high & 0xFFF) << 64 | low >> 2 | 1 << 63)
 * key = sha256('|'.join([agent_id, event_type, content, occurred_at, source_uri]).encode()).hexdigest()[:32]
 * digest = UUID(bytes=sha256(fields(event_type, content, session_id, source_uri)).digest()[:16])
 * </pre>
 */
class IdentityTest {
  private static final SpiritId SPIRIT = new SpiritId(UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e"));
  private static final Instant TIME = Instant.parse("2024-05-15T15:00:01.123456Z");
  private static final Identity POSITION = new Identity.Position(new RecordPosition("elephantasm.events", 3, 1207));

  @ParameterizedTest
  @CsvSource({"web-1715785201-7, d0d8944b-2df2-8e75-ab36-92408fc826eb",
      "Schlüssel 😀, d0d8944b-b14f-817c-a304-3613ee126427"})
  void a_key_gives_the_id_that_it_always_gave(String key, UUID id) {
    assertThat(EventId.of(SPIRIT, key(key)).value()).isEqualTo(id);
  }

  @Test
  void the_other_identities_give_the_ids_that_they_always_gave() {
    assertThat(EventId.of(SPIRIT, new Identity.CloudEvent("/crm", "a-1"))).hasToString(
        "d0d8944b-7a64-8a8c-8a54-898881972ad8");
    assertThat(EventId.of(SPIRIT, POSITION)).hasToString("d0d8944b-46b7-8497-8aca-9f8c37444522");
    assertThat(EventId.of(new SpiritId(new UUID(0, 0)), key("k"))).hasToString("374708ff-c800-8f36-a485-646577767ba8");
  }

  @Test
  void the_generated_key_is_the_one_that_it_always_was() {
    NewEvent event = event("message.in", "What is the capital of France? 🐘", null, "https://example.com/mail/7", null);
    assertThat(Identity.of(event, TIME, POSITION)).isEqualTo(key("5312cf834e6bc84eea4576187f795b85"));
    NewEvent empty = event("message.in", "", null, "", null);
    assertThat(Identity.of(empty, Instant.parse("2024-05-15T15:00:00Z"), POSITION))
        .isEqualTo(key("203c4a12e69e7bcd243b5c295d4aadf3"));
  }

  @Test
  void the_payload_digest_is_the_one_that_it_always_was() {
    assertThat(
        event("message.in", "What is the capital of France? 🐘", "session-42", "https://example.com/mail/7", null)
            .payloadDigest())
        .hasToString("02b567bd-01aa-4fa4-fd22-623804c77d37");
    assertThat(event("system", "", null, null, null).payloadDigest())
        .hasToString("27c05f49-1b23-f2fa-1da1-2bf24ec147f8");
  }

  @Test
  void an_absent_field_is_not_an_empty_one() {
    assertThat(event("system", "", "", null, null).payloadDigest())
        .hasToString("692f23f0-7e5b-a3e1-e008-55ad196fd4fe");
    assertThat(event("system", "", null, "", null).payloadDigest())
        .isNotEqualTo(event("system", "", "", null, null).payloadDigest());
  }

  @Test
  void the_digest_is_of_what_cannot_change_only() {
    NewEvent event = Decode.newEvent("""
        {"agent_id":"4ed77144-2596-5006-899e-2dbe2ab3832e","event_type":"system","content":"","meta_summary":"m",
         "role":"r","author":"a","metadata":{"m":1},"importance_score":1,"occurred_at":"2024-05-15T15:00:01Z"}""");
    assertThat(event.payloadDigest()).isEqualTo(event("system", "", null, null, null).payloadDigest());
  }

  @Test
  void ids_are_uuids_of_version_8_and_those_of_one_spirit_begin_alike() {
    Set<EventId> ids = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      EventId id = EventId.of(SPIRIT, key("key " + i));
      ids.add(id);
      assertThat(id.value().version()).isEqualTo(8);
      assertThat(id.value().variant()).isEqualTo(2);
      assertThat(id.value().getMostSignificantBits() >>> 32).isEqualTo(0xd0d8944bL);
    }
    assertThat(ids).hasSize(1000);
    assertThat(EventId.of(new SpiritId(new UUID(1, 1)), key("key 0"))).isNotIn(ids);
  }

  @Test
  void identities_that_are_written_alike_are_not_taken_for_each_other() {
    assertThat(Set.of(EventId.of(SPIRIT, new Identity.CloudEvent("ab", "c")),
        EventId.of(SPIRIT, new Identity.CloudEvent("a", "bc")), EventId.of(SPIRIT, key("abc")),
        EventId.of(SPIRIT, new Identity.Position(new RecordPosition("a", 1, 23))),
        EventId.of(SPIRIT, new Identity.Position(new RecordPosition("a", 12, 3))),
        EventId.of(SPIRIT, new Identity.Position(new RecordPosition("a1", 2, 3))))).hasSize(6);
  }

  @Test
  void two_long_messages_with_the_same_beginning_have_different_keys() {
    String beginning = "The same beginning. ".repeat(10_000);
    assertThat(Identity.of(event("message.in", beginning + "a", null, "urn:x", null), TIME, POSITION))
        .isNotEqualTo(Identity.of(event("message.in", beginning + "b", null, "urn:x", null), TIME, POSITION));
  }

  @Test
  void a_key_goes_before_a_source_uri_and_both_before_the_rest() {
    DedupeKey key = new DedupeKey("k");
    assertThat(Identity.of(event("t", "", null, "urn:x", key), TIME, POSITION)).isEqualTo(new Identity.Key(key));
    assertThat(Identity.of(event("t", "", null, "urn:x", null), TIME, POSITION)).isInstanceOf(Identity.Key.class);
    assertThat(Identity.of(event("t", "", null, null, null), TIME, POSITION)).isEqualTo(POSITION);
  }

  @Test
  void a_generated_key_depends_on_every_field_it_is_made_of() {
    NewEvent event = event("t", "c", null, "urn:x", null);
    assertThat(Set.of(Identity.of(event, TIME, POSITION), Identity.of(event, TIME.plusNanos(1000), POSITION),
        Identity.of(event("u", "c", null, "urn:x", null), TIME, POSITION),
        Identity.of(event("t", "d", null, "urn:x", null), TIME, POSITION),
        Identity.of(event("t", "c", null, "urn:y", null), TIME, POSITION))).hasSize(5);
  }

  private static Identity key(String key) {
    return new Identity.Key(new DedupeKey(key));
  }

  private static NewEvent event(String type, String content, @Nullable String session, @Nullable String source,
      @Nullable DedupeKey key) {
    return new NewEvent(SPIRIT, type, content, null, null, null, null, session, Metadata.EMPTY, source, key, null);
  }

  @Test
  void an_id_tells_which_spirits_its_event_is_not_of() {
    EventId id = EventId.of(SPIRIT, key("k"));
    assertThat(id.mayBeOf(SPIRIT)).isTrue();
    assertThat(id.mayBeOf(new SpiritId(new UUID(1, 1)))).isFalse();
  }
}
