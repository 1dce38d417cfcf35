package com.elephantasm.events.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contract's JSON Schemas as components of an OpenAPI document: files become components by their title, definitions of a
 * file by their name, and what refers to them follows.
 */
final class ContractComponents {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DEFINITIONS = "#/$defs/";

  private final Map<String, Map<?, ?>> files = new LinkedHashMap<>();
  private final Map<String, String> titles = new HashMap<>();

  private ContractComponents(Map<String, String> schemas) {
    schemas.forEach((file, text) -> {
      Map<?, ?> schema = JSON.readValue(text, Map.class);
      files.put(file, schema);
      titles.put(file, String.valueOf(schema.get("title")));
    });
  }

  /**
   * @param schemas the text of each schema by its file name
   */
  static Map<String, Object> of(Map<String, String> schemas) {
    ContractComponents contract = new ContractComponents(schemas);
    Map<String, Object> components = new LinkedHashMap<>();
    contract.files.forEach((file, schema) -> {
      if (schema.get("$defs") instanceof Map<?, ?> definitions) {
        definitions.forEach((name, definition) -> contract.add(components, String.valueOf(name), definition, file));
      }
      contract.add(components, String.valueOf(contract.titles.get(file)), schema, file);
    });
    return components;
  }

  private void add(Map<String, Object> components, String name, Object schema, String file) {
    if (components.put(name, component((Map<?, ?>) schema, file)) != null) {
      throw new IllegalStateException("two schemas of the contract are called " + name);
    }
  }

  /** Without its own address, against which references would be resolved, and without the definitions that moved. */
  private Map<String, Object> component(Map<?, ?> schema, String file) {
    Map<String, Object> component = new LinkedHashMap<>();
    schema.forEach((name, value) -> {
      if (!List.of("$schema", "$id", "$defs").contains(name)) {
        component.put((String) name, member((String) name, value, file));
      }
    });
    return component;
  }

  private @Nullable Object member(String name, @Nullable Object value, String file) {
    return name.equals("$ref") ? moved(String.valueOf(value), file) : rewritten(value, file);
  }

  private @Nullable Object rewritten(@Nullable Object value, String file) {
    return switch (value) {
      case Map<?, ?> object -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        object.forEach((name, member) -> copy.put((String) name, member((String) name, member, file)));
        yield copy;
      }
      case List<?> list -> list.stream().map(element -> rewritten(element, file)).toList();
      case null, default -> value;
    };
  }

  private String moved(String reference, String file) {
    int fragment = reference.indexOf('#');
    String target = fragment < 0 ? reference : reference.substring(0, fragment);
    String inside = fragment < 0 ? "" : reference.substring(fragment);
    if (inside.startsWith(DEFINITIONS)) {
      return "#/components/schemas/" + inside.substring(DEFINITIONS.length());
    }
    String title = titles.get(target.isEmpty() ? file : target);
    if (title == null || !(inside.isEmpty() || inside.equals("#"))) {
      throw new IllegalStateException("%s refers to %s, which is not a schema or definition of the contract"
          .formatted(file, reference));
    }
    return "#/components/schemas/" + title;
  }
}
