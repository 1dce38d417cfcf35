package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class CloudEventTest {
  private static final ContractSchema OVER_HTTP = ContractSchema.of("cloud-event.request.schema.json");
  private static final ContractSchema ON_THE_TOPIC = ContractSchema.of("cloud-event.schema.json");
  private static final String DATA = """
      {"agent_id":"4ed77144-2596-5006-899e-2dbe2ab3832e","event_type":"t","content":""}""";
  private static final String LONG = "a".repeat(1024);

  /** The members of a valid envelope and their values as JSON. */
  private static Map<String, String> valid() {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("specversion", "\"1.0\"");
    members.put("type", "\"com.elephantasm.event.created.v1\"");
    members.put("source", "\"/crm\"");
    members.put("id", "\"a-1\"");
    members.put("data", DATA);
    return members;
  }

  private static String json(Map<String, String> members) {
    return members.entrySet().stream().map(member -> '"' + member.getKey() + "\":" + member.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String with(String name, @Nullable String value) {
    Map<String, String> members = valid();
    if (value == null) {
      members.remove(name);
    } else {
      members.put(name, value);
    }
    return json(members);
  }

  private static Decoded<CloudEvent<NewEvent>> decode(String json) {
    return CloudEvent.newEventFromJson(json.getBytes(StandardCharsets.UTF_8), UnknownFields.REJECT);
  }

  private static String quoted(String text) {
    return JsonNodeFactory.instance.stringNode(text).toString();
  }

  /** Both ways of giving an attribute, the decoder and the schema agree on each value. */
  private static @Nullable String problemOf(String name, String value) {
    Decoded<CloudEvent<NewEvent>> structured = decode(with(name, quoted(value)));
    Map<String, String> attributes = new LinkedHashMap<>(Map.of("specversion", "1.0", "type",
        "com.elephantasm.event.created.v1", "source", "/crm", "id", "a-1"));
    attributes.put(name, value);
    Decoded<CloudEventContext> binary = CloudEventContext.ofNewEvent(attributes);
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with(name, quoted(value))))).as("the schema of %s: %s", name, value)
        .isEqualTo(structured instanceof Decoded.Valid);
    if (structured instanceof Decoded.Valid<CloudEvent<NewEvent>>(CloudEvent<NewEvent> event)) {
      assertThat(Decode.valid(binary)).isEqualTo(event.context());
      return null;
    }
    List<Violation> violations = Decode.violations(structured);
    assertThat(violations).hasSize(1).isEqualTo(Decode.violations(binary));
    assertThat(violations.getFirst().pointer()).isEqualTo("/" + name);
    return violations.getFirst().message();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"id|a", "id|0", "id| ` ` ", "id|ü €😀 \"'\\%", "id|\u00a0",
      "source|https://github.com/cloudevents", "source|mailto:cncf-wg-serverless@lists.cncf.io",
      "source|urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66", "source|/cloudevents/spec/pull/123",
      "source|/sensors/tn-1234567/alerts", "source|1-555-123-4567", "source|?a=b/c?d", "source|#f", "source|//host",
      "source|//user:x@[2001:db8::7]:8080/a", "source|http://[v1.fe80:a]/", "source|a:b:c", "source|./a:b",
      "source|%C3%BC",
      "source|http://", "source|file:///etc/hosts", "source|a//b", "source|x:", "source|'()!*,;=&$+~._-@",
      "subject|ü €😀", "subject|partnerid/5/clientid/100", "dataschema|https://example.com/s.json",
      "dataschema|urn:x", "dataschema|http://example.com/s.json#/$defs/a", "time|2018-04-05T17:31:00Z",
      "time|2018-04-05t17:31:00.123456789z", "time|2018-04-05T17:31:00+05:30", "time|2018-04-05 17:31:00-23:59",
      "time|0001-01-01T00:00:00Z", "time|9999-12-31T23:59:59.999999Z", "datacontenttype|application/json",
      "datacontenttype|Application/JSON", "datacontenttype|application/json; charset=utf-8",
      "datacontenttype|application/json;charset=\"UTF-8\"", "datacontenttype|application/json ; a=b; charset=utf-8",
      "traceparent|00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a|``", "0|ü",
      "sequence|0000000000000001",
      "comexampleextensionnumberone|x"})
  void good_attributes_are_taken_in_both_modes(String name, String value) {
    assertThat(problemOf(name, value)).isNull();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"specversion|``", "specversion|1", "specversion|`1.0 `",
      "specversion|1.0.2", "specversion|0.3", "type|``", "type|com.elephantasm.event.created.v2",
      "type|com.elephantasm.event.amended.v1", "type|COM.ELEPHANTASM.EVENT.CREATED.V1", "id|``", "source|``",
      "source|a b", "source|ü", "source|%", "source|%2", "source|%gg", "source|\"a\"", "source|a\\b", "source|<a>",
      "source|{a}", "source|a^b", "source|a`b", "source|1:b", "source|:a", "source|//a:b", "source|//a@b@c",
      "source|//[::1]x", "source|//[::1", "source|http://[::g]", "source|a#b#c", "source|//[1%32]", "subject|``",
      "dataschema|``", "dataschema|/relative", "dataschema|a b", "dataschema|http://ü", "time|``", "time|yesterday",
      "time|2018-04-05", "time|2018-04-05T17:31:00", "time|2018-04-05T17:31Z", "time|2018-02-30T17:31:00Z",
      "time|2018-04-05T24:00:00Z", "time|0000-04-05T17:31:00Z", "time|2018-04-05T17:31:00+24:00",
      "time|` 2018-04-05T17:31:00Z`", "time|1522949460", "datacontenttype|``", "datacontenttype|text/plain",
      "datacontenttype|application/jsonp", "datacontenttype|application/xml", "datacontenttype|text/json",
      "datacontenttype|json"})
  void bad_attributes_are_refused_in_both_modes_with_one_reason(String name, String value) {
    assertThat(problemOf(name, value)).startsWith("must ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "subject", "ext"})
  void characters_that_CloudEvents_does_not_allow_are_refused_in_every_attribute(String name) {
    List<Integer> refused = new ArrayList<>(
        List.of(0, 9, 10, 13, 0x1f, 0x7f, 0x80, 0x85, 0x9f, 0xfdd0, 0xfdef, 0xfffe, 0xffff));
    IntStream.rangeClosed(1, 16).forEach(plane -> refused.addAll(List.of(plane << 16 | 0xfffe, plane << 16 | 0xffff)));
    refused.forEach(character -> assertThat(problemOf(name, "a" + Character.toString(character)))
        .contains("U+%04X".formatted(character)));
    for (int allowed : new int[]{0x20, 0x7e, 0xa0, 0xfdcf, 0xfdf0, 0xfffd, 0x1fffd, 0x20000, 0x10fffd, 0xe000,
        0xfeff}) {
      assertThat(problemOf(name, "a" + Character.toString(allowed))).isNull();
    }
    for (String unpaired : List.of("\\ud800", "\\udc00", "\\udc00\\ud800", "\\ud83dx")) {
      assertThat(Decode.violations(decode(with(name, '"' + unpaired + '"'))).getFirst().message())
          .contains("unpaired surrogate");
    }
  }

  @Test
  void lengths_count_code_points() {
    assertThat(problemOf("id", "😀".repeat(1024))).isNull();
    assertThat(problemOf("id", LONG + "a")).contains("at most 1024");
    assertThat(problemOf("source", LONG)).isNull();
    assertThat(problemOf("source", LONG + "a")).contains("at most 1024");
    assertThat(problemOf("source", "%41".repeat(341))).isNull();
    assertThat(problemOf("subject", "😀".repeat(4096))).isNull();
    assertThat(problemOf("subject", LONG.repeat(4) + "a")).contains("at most 4096");
    assertThat(problemOf("ext", LONG.repeat(4))).isNull();
    assertThat(problemOf("ext", LONG.repeat(4) + "a")).contains("at most 4096");
    assertThat(problemOf("dataschema", "x:" + LONG.repeat(3))).isNull();
    assertThat(problemOf("a".repeat(64), "x")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "under_score", "hy-phen", "ü", "", " ", "a.b", "a/b"})
  void a_name_that_no_attribute_can_have_is_refused_over_HTTP_and_ignored_on_the_topic(String name) {
    String json = with(name, "\"x\"");
    assertThat(Decode.violations(decode(json))).extracting(Violation::pointer)
        .containsExactly("/" + name.replace("/", "~1"));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(json))).isFalse();
    assertThat(context(json)).isEqualTo(context(json(valid())));
    assertThat(ON_THE_TOPIC.accepts(ExactJson.tree(json))).isTrue();
    Map<String, String> attributes = new TreeMap<>(Map.of(name, "x"));
    assertThat(Decode.violations(CloudEventContext.ofNewEvent(attributes))).hasSize(5);
  }

  @Test
  void data_is_no_name_of_an_attribute_and_neither_is_one_of_65_characters() {
    assertThat(Decode.violations(CloudEventContext.ofNewEvent(Map.of("data", "x")))).hasSize(5);
    assertThat(Decode.violations(decode(with("a".repeat(65), "1")))).hasSize(1);
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with("a".repeat(65), "1")))).isFalse();
  }

  private static CloudEventContext context(String json) {
    return Decode
        .valid(CloudEvent.newEventFromJson(json.getBytes(StandardCharsets.UTF_8), UnknownFields.IGNORE)).context();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"true|true", "false|false", "0|0", "-7|-7", "2147483647|2147483647",
      "-2147483648|-2147483648", "\"5\"|5", "\"true\"|true"})
  void extension_attributes_are_kept_in_their_canonical_form(String json, String canonical) {
    assertThat(context(with("ext", json)).extensions()).isEqualTo(Map.of("ext", canonical));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with("ext", json)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-2147483649", "1.5", "-99999999999", "[]", "{}", "{\"a\":1}",
      "[\"x\"]"})
  void a_value_that_no_attribute_can_have_is_refused(String json) {
    assertThat(Decode.violations(decode(with("ext", json)))).containsExactly(
        new Violation("/ext", "must be a string, a boolean or an integer of 32 bits"));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with("ext", json)))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1e0", "-0.0"})
  void a_number_with_a_fraction_or_an_exponent_is_no_integer(String json) {
    assertThat(Decode.violations(decode(with("ext", json)))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"specversion", "type", "source", "id"})
  void what_is_required_is_said(String name) {
    assertThat(Decode.violations(decode(with(name, null)))).containsExactly(new Violation("/" + name, "is required"));
    assertThat(Decode.violations(decode(with(name, "null")))).containsExactly(
        new Violation("/" + name, "is required"));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with(name, "null")))).isFalse();
    assertThat(Decode.violations(decode(with(name, "7")))).containsExactly(
        new Violation("/" + name, "must be a string, was a number"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "subject", "dataschema", "datacontenttype", "ext", "data_base64"})
  void null_means_that_it_is_not_there(String name) {
    assertThat(context(with(name, "null"))).isEqualTo(context(json(valid())));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with(name, "null")))).isTrue();
  }

  @Test
  void all_attributes_are_read() {
    Map<String, String> members = valid();
    members.put("time", "\"2018-04-05T17:31:00.1234567+02:00\"");
    members.put("subject", "\"s\"");
    members.put("dataschema", "\"urn:x\"");
    members.put("ext1", "true");
    members.put("ext2", "\"ü\"");
    assertThat(context(json(members))).isEqualTo(new CloudEventContext("/crm", "a-1",
        Instant.parse("2018-04-05T15:31:00.123456Z"), "s", "urn:x",
        new TreeMap<>(Map.of("ext1", "true", "ext2", "ü"))));
  }

  @Test
  void the_number_of_extension_attributes_is_bounded() {
    Map<String, String> members = valid();
    IntStream.range(0, 100).forEach(i -> members.put("ext" + i, "1"));
    assertThat(context(json(members)).extensions()).hasSize(100);
    members.put("onemore", "1");
    assertThat(Decode.violations(decode(json(members)))).extracting(Violation::pointer).containsExactly("/onemore");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"null|must be a JSON object, was null", "[]|must be a JSON object, was an array",
      "\"{}\"|must be a JSON object, was a string", "1|must be a JSON object, was a number"})
  void data_is_an_object(String data, String message) {
    assertThat(Decode.violations(decode(with("data", data)))).containsExactly(new Violation("/data", message));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with("data", data)))).isFalse();
  }

  @Test
  void data_is_judged_as_a_new_event_is() {
    String data = "{\"agent_id\":\"x\",\"event_type\":\"t\",\"colour\":1}";
    assertThat(Decode.violations(decode(with("data", data)))).extracting(Violation::pointer)
        .containsExactly("/data/agent_id", "/data/colour", "/data/content");
    String unknownOnly = DATA.replace("}", ",\"colour\":1}");
    assertThat(Decode.violations(decode(with("data", unknownOnly)))).hasSize(1);
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with("data", unknownOnly)))).isFalse();
    assertThat(context(with("data", unknownOnly))).isEqualTo(context(json(valid())));
    assertThat(ON_THE_TOPIC.accepts(ExactJson.tree(with("data", unknownOnly)))).isTrue();
  }

  private static String encoded(String base64) {
    Map<String, String> members = valid();
    members.remove("data");
    members.put("data_base64", quoted(base64));
    return json(members);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void data_may_be_base64() {
    assertThat(Decode.valid(decode(encoded(base64(DATA))))).isEqualTo(Decode.valid(decode(json(valid()))));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(encoded(base64(DATA))))).isTrue();
  }

  @Test
  void base64_that_holds_no_event_says_what_it_holds() {
    assertThat(Decode.violations(decode(encoded(base64("{\"agent_id\":7,\"content\":\"\"}")))))
        .containsExactly(new Violation("/data_base64", "decoded, /agent_id must be a UUID, was a number"),
            new Violation("/data_base64", "decoded, /event_type is required"));
    assertThat(Decode.violations(decode(encoded(base64("[]")))))
        .containsExactly(new Violation("/data_base64", "decoded, must be a JSON object, was an array"));
    assertThat(Decode.violations(decode(encoded(base64("{\"a\":1,\"a\":2}")))).getFirst().message())
        .startsWith("must be JSON when it is decoded: ");
    assertThat(Decode.violations(decode(encoded("")))).hasSize(1);
    for (String noBase64 : List.of("%%%", "abc d", "ab-_", "=", "e30=e30=")) {
      assertThat(Decode.violations(decode(encoded(noBase64))))
          .containsExactly(new Violation("/data_base64", "must be Base64 (RFC 4648, section 4)"));
    }
  }

  @Test
  void there_is_one_data() {
    assertThat(Decode.violations(decode(with("data", null)))).containsExactly(new Violation("/data", "is required"));
    String both = with("data_base64", quoted(base64(DATA)));
    assertThat(Decode.violations(decode(both)))
        .containsExactly(new Violation("/data_base64", "must not be there beside data"));
    assertThat(OVER_HTTP.accepts(ExactJson.tree(both))).isFalse();
    assertThat(OVER_HTTP.accepts(ExactJson.tree(with("data", null)))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{}{}", "{\"id\":\"1\",\"id\":\"1\"}", "{\"data\":{\"content\":1,\"content\":1}}",
      "{\"ext\":{\"a\":1,\"a\":1}}", "{\"data\":nul}"})
  void what_is_not_JSON_is_malformed(String json) {
    assertThat(decode(json)).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void an_event_can_be_as_deep_in_an_envelope_as_by_itself() {
    String deepest = DATA.replace("}", ",\"metadata\":{\"a\":" + "[".repeat(998) + "]".repeat(998) + "}}");
    assertThat(NewEvent.fromJson(deepest.getBytes(StandardCharsets.UTF_8), UnknownFields.REJECT))
        .isInstanceOf(Decoded.Valid.class);
    assertThat(decode(with("data", deepest))).isInstanceOf(Decoded.Valid.class);
    assertThat(decode(with("data", deepest.replace("[]", "[[]]")))).isInstanceOf(Decoded.Malformed.class);
    assertThat(decode("{\"data\":".repeat(1_000_000))).isInstanceOf(Decoded.Malformed.class);
  }

  @Test
  void any_envelope_has_an_answer() {
    Random random = new Random(20_240_515);
    Map<String, String> members = valid();
    members.put("time", "\"2018-04-05T17:31:00Z\"");
    members.put("ext", "7");
    members.put("data_base64", "null");
    String json = json(members);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(
            bytes.length)] = (byte) (random.nextBoolean() ? "{}[]\":,\\0".charAt(random.nextInt(9)) : random.nextInt());
      }
      assertThat(CloudEvent.newEventFromJson(bytes, UnknownFields.REJECT)).isNotNull();
    }
  }
}
