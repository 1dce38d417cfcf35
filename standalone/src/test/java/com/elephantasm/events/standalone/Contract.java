package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What {@code /openapi.json} promises of the answers. */
final class Contract {
  private static final String ADDRESS = "https://example.com/openapi.json";

  private final JsonNode document;
  private final SchemaRegistry schemas;

  Contract(Client client) {
    document = client.get("/openapi.json").json();
    schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
        builder -> builder.schemas(Map.of(ADDRESS, document.toString())));
  }

  /** @param path as the document has it, with {@code {id}} */
  void requireKept(String method, String path, Client.Answer answer) {
    String request = "%s %s: %d %s".formatted(method, path, answer.status(), answer.response().body());
    String pointer = response(method, path, answer.status());
    JsonNode response = document.at(pointer);
    assertThat(response.isObject()).as("documented: " + request).isTrue();
    if (answer.status() == 201) {
      assertThat(response.path("headers").has("Location")).as(request).isTrue();
      assertThat(answer.header("Location")).as(request).isNotNull();
    }
    if (response.has("content")) {
      String type = String.valueOf(answer.header("Content-Type")).replaceAll(";.*", "");
      assertThat(problems(pointer + "/content/" + escaped(type) + "/schema", answer.response().body())).as(request)
          .isEmpty();
    } else {
      assertThat(answer.response().body()).as(request).isEmpty();
    }
  }

  List<String> problems(String schema, String json) {
    assertThat(document.at(schema).isObject()).as(schema).isTrue();
    return schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + schema)).validate(Client.JSON.readTree(json)).stream()
        .map(Object::toString).toList();
  }

  /** Where the document has the response. */
  private String response(String method, String path, int status) {
    String pointer = "/paths/%s/%s/responses/%d".formatted(escaped(path), method.toLowerCase(Locale.ROOT), status);
    JsonNode reference = document.at(pointer).path("$ref");
    return reference.isString() ? reference.asString().substring(1) : pointer;
  }

  private static String escaped(String member) {
    return member.replace("~", "~0").replace("/", "~1");
  }
}
