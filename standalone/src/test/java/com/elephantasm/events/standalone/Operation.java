package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One operation of {@code /openapi.json}, and the requests that can be made of it for a spirit and an event. Where the document
 * has something that this cannot fill in, it fails: an operation must not go untested because it is new.
 */
final class Operation {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch",
      "trace");
  /** Filters that a request is sent without: it asks for more then. */
  private static final Set<String> NARROWING = Set.of("subject_id", "run");
  private static final String AGENT_ID = "(\\\\?\"agent_id\\\\?\"\\s*:\\s*\\\\?\")[^\"\\\\]*";

  private final JsonNode document;
  private final String method;
  private final String path;
  private final JsonNode json;
  private final List<JsonNode> parameters;

  /** What a request is about, as far as it says. */
  record Asked(String spirit, String event, String letter, String replay) {}

  /** @param type of the body; null where there is none */
  record Request(String method, String pathAndQuery, @Nullable String type, @Nullable String body) {}

  private Operation(JsonNode document, String method, String path, JsonNode item, JsonNode json) {
    this.document = document;
    this.method = method;
    this.path = path;
    this.json = json;
    this.parameters = new ArrayList<>();
    item.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
    json.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
    parameters.forEach(this::requireKnown);
  }

  static List<Operation> all(JsonNode document) {
    List<Operation> operations = new ArrayList<>();
    document.path("paths").forEachEntry((path, item) -> item.forEachEntry((method, json) -> {
      if (METHODS.contains(method)) {
        operations.add(new Operation(document, method.toUpperCase(Locale.ROOT), path, item, json));
      }
    }));
    return operations;
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? resolved(document.at(node.get("$ref").asString().substring(1))) : node;
  }

  private void requireKnown(JsonNode parameter) {
    String name = parameter.path("name").asString();
    JsonNode schema = resolved(parameter.path("schema"));
    boolean isKnown = name.equals("agent_id") || NARROWING.contains(name)
        || (name.equals("id") && (concerns("events") || concerns("spirits") || concerns("dead-letters")
            || concerns("replays")));
    boolean isId = schema.path("format").asString("").equals("uuid") || parameter.path("in").asString().equals("path");
    boolean isRequired = parameter.path("required").asBoolean(false);
    assertThat(isKnown || !(isId || isRequired))
        .as("what to fill in for parameter '%s' of %s: say it here", name, this).isTrue();
  }

  /** Whether its path names one of them. */
  private boolean concerns(String resources) {
    return path.contains("/" + resources + "/{id}");
  }

  /** The scope that the document says it needs; null where it is open. */
  @Nullable
  String scope() {
    JsonNode security = json.path("security");
    if (security.isEmpty()) {
      return null;
    }
    Set<String> scopes = new HashSet<>();
    security.forEach(scheme -> scheme.forEach(names -> names.forEach(name -> scopes.add(name.asString()))));
    assertThat(scopes).as("scopes of " + this).hasSize(1);
    return scopes.iterator().next();
  }

  boolean documents(int status) {
    return json.path("responses").has(Integer.toString(status));
  }

  boolean reads() {
    return method.equals("GET");
  }

  /** Whether a request of it says which spirit it is about. */
  boolean namesSpirit() {
    return concerns("events") || concerns("spirits") || takesAgentId() || requests(new Asked("", "", "", "")).stream()
        .anyMatch(request -> request.body() != null && request.body().contains("agent_id"));
  }

  private boolean takesAgentId() {
    return parameters.stream().anyMatch(parameter -> parameter.path("name").asString().equals("agent_id"));
  }

  /** One for each example of a body, plain and with all that widens what is asked for. */
  List<Request> requests(Asked asked) {
    String spirit = asked.spirit();
    String target = path.replace("{id}",
        concerns("events")
            ? asked.event()
            : concerns("dead-letters") ? asked.letter() : concerns("replays") ? asked.replay() : spirit);
    String query = takesAgentId() ? "?agent_id=" + spirit : "";
    List<Request> requests = new ArrayList<>();
    if (json.has("requestBody")) {
      resolved(json.path("requestBody")).path("content").forEachEntry((type, content) -> {
        List<JsonNode> examples = examples(content);
        assertThat(examples).as("examples of %s for %s: bodies are made of them", type, this).isNotEmpty();
        for (JsonNode example : examples) {
          String text = example.isString() ? example.asString() : example.toString();
          requests.add(new Request(method, target + query, type, text.replaceAll(AGENT_ID, "$1" + spirit)));
        }
      });
    } else {
      requests.add(new Request(method, target + query, null, null));
      if (parameters.stream().anyMatch(parameter -> parameter.path("name").asString().equals("include_deleted"))) {
        requests.add(
            new Request(method, target + (query.isEmpty() ? "?" : query + "&") + "include_deleted=true", null, null));
      }
    }
    return requests;
  }

  private List<JsonNode> examples(JsonNode content) {
    List<JsonNode> examples = new ArrayList<>();
    if (content.has("example")) {
      examples.add(content.get("example"));
    }
    content.path("examples").forEach(example -> examples.add(resolved(example).path("value")));
    return examples;
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
