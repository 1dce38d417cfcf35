package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ContractSchemasTest {
  static Stream<String> names() {
    return ContractSchemas.all().keySet().stream();
  }

  private static JsonNode schema(String name) {
    return ExactJson.tree(requireNonNull(ContractSchemas.all().get(name)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_schema_says_its_name(String file) {
    JsonNode schema = schema(file);
    assertThat(schema.get("$schema").asString()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.get("$id").asString()).isEqualTo(ContractSchema.BASE + file);
    String title = Pattern.compile("(?:^|[-.])([a-z])").matcher(file.replace(".schema.json", ""))
        .replaceAll(match -> match.group(1).toUpperCase(Locale.ROOT));
    assertThat(schema.get("title").asString()).isEqualTo(title);
    assertThat(schema.get("description").asString()).isNotBlank();
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_field_is_described_for_people(String file) {
    JsonNode schema = schema(file);
    for (String members : List.of("properties", "$defs")) {
      for (Map.Entry<String, JsonNode> field : schema.path(members).properties()) {
        assertThat(field.getValue().path("description").asString("")).as(field.getKey()).isNotBlank();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_reference_names_a_file_and_what_is_in_it(String file) {
    for (String reference : references(schema(file))) {
      String[] parts = reference.split("#", 2);
      assertThat(ContractSchemas.all()).containsKey(parts[0]);
      assertThat(schema(parts[0]).at(parts.length == 1 ? "" : parts[1]).isMissingNode()).as(reference).isFalse();
    }
  }

  static List<String> references(JsonNode node) {
    List<String> references = new ArrayList<>();
    node.findValues("$ref").forEach(reference -> references.add(reference.asString()));
    return references;
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_example_is_one(String file) {
    JsonNode schema = schema(file);
    assertThat(schema.has("examples") || file.startsWith("types") || file.contains(".request.")).isTrue();
    for (JsonNode example : schema.path("examples")) {
      assertThat(ContractSchema.of(file).problems(example)).isEmpty();
    }
    for (Map.Entry<String, JsonNode> type : schema.path("$defs").properties()) {
      for (JsonNode example : type.getValue().get("examples")) {
        assertThat(ContractSchema.of(file + "#/$defs/" + type.getKey()).problems(example)).isEmpty();
      }
    }
  }

  @Test
  void the_example_of_a_stored_event_is_what_the_example_of_a_new_one_becomes() {
    NewEvent sent = Decode.newEvent(schema("new-event.schema.json").at("/examples/0").toString());
    Identity otherwise = new Identity.Position(new RecordPosition("elephantasm.events", 3, 1207));
    Event stored = Change.EventCreated.of(sent, Instant.EPOCH, otherwise)
        .stored(Instant.parse("2024-05-15T15:00:01.500Z"));
    byte[] json = Json.bytes(writer -> StoredJson.write(stored, writer));
    JsonNode example = schema("event.schema.json").at("/examples/0");
    assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo(example.toString());
    assertThat(schema("event.schema.json").get("required")).map(JsonNode::asString)
        .containsExactlyElementsOf(example.propertyNames());
  }
}
