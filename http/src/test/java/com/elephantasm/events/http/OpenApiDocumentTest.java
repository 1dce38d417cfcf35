package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.schema.ContractSchemas;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenApiDocumentTest {
  private static JsonNode assemble(Map<String, String> schemas, String... fragments) {
    return new JsonMapper().valueToTree(OpenApiDocument.assemble(List.of(fragments), ContractComponents.of(schemas)));
  }

  @Test
  void two_services_can_share_a_path() {
    JsonNode document = assemble(Map.of(), "paths: {/a: {get: {summary: read, responses: {200: {description: x}}}}}",
        "paths: {/a: {post: {summary: write}}, /b: {get: {summary: other}}}", "tags: []");
    assertThat(document.at("/paths/~1a/get/responses/200/description").asString()).isEqualTo("x");
    assertThat(document.at("/paths/~1a/post/summary").asString()).isEqualTo("write");
    assertThat(document.at("/paths/~1b/get/summary").asString()).isEqualTo("other");
  }

  @Test
  void fragments_that_contradict_each_other_are_refused() {
    assertThatThrownBy(() -> assemble(Map.of(), "paths: {/a: {get: {summary: one}}}",
        "paths: {/a: {get: {summary: two}}}")).hasMessageContaining("/paths//a/get/summary");
  }

  @Test
  void a_timestamp_without_quotes_is_refused_instead_of_changed() {
    assertThatThrownBy(() -> assemble(Map.of(), "example: 2024-05-15T15:00:01Z")).hasMessageContaining("quote");
  }

  @Test
  void schemas_that_are_referred_to_come_along_with_what_they_refer_to_and_no_others() {
    JsonNode document = assemble(Map.of("types.schema.json", """
        {"$id": "x", "title": "Types", "$defs": {"A": {"items": {"$ref": "types.schema.json#/$defs/B"}}, "B": {}, "C": {}}}
        """, "thing.schema.json", """
        {"$id": "y", "title": "Thing", "properties": {"a": {"$ref": "types.schema.json#/$defs/A"}}}
        """, "thing.request.schema.json", """
        {"title": "ThingRequest", "allOf": [{"$ref": "thing.schema.json"}]}
        """), "x: {$ref: '#/components/schemas/ThingRequest'}");
    assertThat(document.at("/components/schemas").propertyNames()).containsExactly("A", "B", "Thing", "ThingRequest");
    assertThat(document.at("/components/schemas/ThingRequest/allOf/0/$ref").asString())
        .isEqualTo("#/components/schemas/Thing");
    assertThat(document.at("/components/schemas/Thing/properties/a/$ref").asString())
        .isEqualTo("#/components/schemas/A");
    assertThat(document.at("/components/schemas/Thing/$id").isMissingNode()).isTrue();
    assertThat(document.at("/components/schemas/A/items/$ref").asString()).isEqualTo("#/components/schemas/B");
  }

  @Test
  void a_reference_that_leads_nowhere_is_refused() {
    assertThatThrownBy(() -> ContractComponents.of(Map.of("a.schema.json", "{\"$ref\": \"b.schema.json\"}")))
        .hasMessageContaining("b.schema.json");
  }

  @Test
  void the_whole_contract_can_be_embedded() {
    assertThat(ContractComponents.of(ContractSchemas.all())).containsKeys("NewEventRequest", "Event", "Timestamp")
        .doesNotContainKey("null");
  }
}
