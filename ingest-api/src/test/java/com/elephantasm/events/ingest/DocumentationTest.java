package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

class DocumentationTest extends IntegrationTest {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private final JsonNode document = CLIENT.send("GET", "/openapi.json", (String) null).json();

  @Test
  void the_document_is_OpenAPI_by_the_letter() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    SwaggerParseResult result = new OpenAPIV3Parser().readContents(document.toString(), null, options);
    assertThat(result.getMessages()).isEmpty();
    assertThat(result.getOpenAPI().getInfo().getVersion()).matches("[0-9].+");
  }

  @Test
  void every_reference_leads_somewhere() {
    assertThat(document.findValuesAsString("$ref")).isNotEmpty()
        .allSatisfy(
            reference -> assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
  }

  @Test
  void every_route_is_documented_and_nothing_else() {
    Set<String> routes = SERVICE.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods().keySet().stream()
        .flatMap(mapping -> mapping.getPatternValues().stream().flatMap(
            path -> mapping.getMethodsCondition().getMethods().stream().map(method -> method + " " + path)))
        .collect(Collectors.toCollection(TreeSet::new));
    // The documentation does not document itself.
    routes.removeAll(Set.of("GET /docs", "GET /openapi.json"));
    Set<String> documented = new TreeSet<>();
    document.at("/paths").forEachEntry((path, item) -> item.forEachEntry((method, _) -> {
      if (METHODS.contains(method)) {
        documented.add(method.toUpperCase(Locale.ROOT) + " " + path);
      }
    }));
    assertThat(documented).isEqualTo(routes);
  }

  @Test
  void every_example_of_a_request_is_taken() {
    document.at("/paths").forEachEntry((path, item) -> item.forEachEntry(
        (method, operation) -> operation.at("/requestBody/content").forEachEntry((type, content) -> {
          content.at("/examples").forEachEntry((_, example) -> send(method, path, type, example.at("/value")));
          if (content.has("example")) {
            send(method, path, type, content.at("/example"));
          }
        })));
  }

  private static void send(String method, String path, String type, JsonNode body, String... headers) {
    String target = path.replace("{id}", StandInWriter.newSpirit().toString());
    List<String> all = new ArrayList<>(List.of("Content-Type", type, "Prefer", "respond-async"));
    all.addAll(List.of(headers));
    Client.Answer answer = CLIENT.send(method.toUpperCase(Locale.ROOT), target,
        body.isString() ? body.asString() : body.toString(), all.toArray(String[]::new));
    assertThat(answer.status()).as(method + " " + path).isIn(200, 202, 207);
    // What becomes of each event of a batch.
    assertThat(answer.response().body()).doesNotContain("\"status\":4");
  }

  @Test
  void the_headers_of_a_CloudEvent_are_taken_as_they_are_documented() {
    List<String> headers = new ArrayList<>();
    for (JsonNode parameter : document.at("/paths/~1api~1v1~1events/post/parameters")) {
      if (parameter.at("/name").asString("").startsWith("ce-")) {
        headers.addAll(List.of(parameter.at("/name").asString(), parameter.at("/schema/examples/0").asString()));
      }
    }
    assertThat(headers).hasSize(14);
    JsonNode event = document
        .at("/paths/~1api~1v1~1events/post/requestBody/content/application~1json/examples/smallest/value");
    send("post", "/api/v1/events", "application/json", event, headers.toArray(String[]::new));
  }
}
