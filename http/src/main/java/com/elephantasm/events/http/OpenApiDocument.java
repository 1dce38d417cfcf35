package com.elephantasm.events.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The OpenAPI 3.1 document of a service: the fragments that its modules carry, laid over each other, and those schemas of the
 * contract that they refer to.
 */
final class OpenApiDocument {
  private static final String COMPONENT = "#/components/schemas/";
  /** Beside these a path can have parameters, servers and words for all of its operations. */
  private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH",
      "TRACE");

  private final Map<String, Object> document = new LinkedHashMap<>();

  private OpenApiDocument() {}

  /**
   * @param fragments YAML, each a part of an OpenAPI document; what two of them say must not differ
   * @param contract the contract's schemas as components, by name
   * @param additions asked about every operation
   */
  static Map<String, Object> assemble(Collection<String> fragments, Map<String, Object> contract,
      OperationDocumentation... additions) {
    OpenApiDocument assembled = new OpenApiDocument();
    fragments.forEach(fragment -> merge(assembled.document, object(parse(fragment)), ""));
    for (OperationDocumentation addition : additions) {
      assembled.complete(addition);
    }
    assembled.addSchemas(contract);
    return assembled.document;
  }

  private void complete(OperationDocumentation addition) {
    object(document.getOrDefault("paths", Map.of())).forEach((path, item) -> object(item).forEach((name, operation) -> {
      String method = name.toUpperCase(Locale.ROOT);
      if (METHODS.contains(method)) {
        addition.complete(method, path, object(operation));
      }
    }));
  }

  private static @Nullable Object parse(String yaml) {
    return json(new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml));
  }

  /** YAML knows keys and values that JSON does not: response codes are numbers there. */
  private static @Nullable Object json(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((name, member) -> object.put(String.valueOf(name), json(member)));
        yield object;
      }
      case List<?> list -> new ArrayList<@Nullable Object>(list.stream().map(OpenApiDocument::json).toList());
      case String text -> text;
      case Number number -> number;
      case Boolean bool -> bool;
      case null -> null;
      default -> throw new IllegalArgumentException("quote " + value + ": YAML takes it for a " + value.getClass());
    };
  }

  private static void merge(Map<String, Object> target, Map<String, Object> source, String path) {
    source.forEach((name, value) -> {
      String place = path + "/" + name;
      Object present = target.putIfAbsent(name, value);
      if (present instanceof Map && value instanceof Map) {
        merge(object(present), object(value), place);
      } else if (present != null && !present.equals(value)) {
        throw new IllegalStateException("two OpenAPI fragments differ at " + place);
      }
    });
  }

  private void addSchemas(Map<String, Object> contract) {
    Map<String, Object> components = object(document.computeIfAbsent("components", _ -> new LinkedHashMap<>()));
    Map<String, Object> own = object(components.computeIfAbsent("schemas", _ -> new LinkedHashMap<>()));
    Map<String, Object> all = new TreeMap<>(own);
    Set<String> seen = new HashSet<>();
    addReferenced(document, contract, all, seen);
    components.put("schemas", all);
  }

  private static void addReferenced(@Nullable Object value, Map<String, Object> contract, Map<String, Object> all,
      Set<String> seen) {
    switch (value) {
      case Map<?, ?> object -> object.forEach((name, member) -> {
        if ("$ref".equals(name) && member instanceof String reference && reference.startsWith(COMPONENT)) {
          String schema = reference.substring(COMPONENT.length());
          if (seen.add(schema) && contract.containsKey(schema)) {
            all.put(schema, contract.get(schema));
            addReferenced(contract.get(schema), contract, all, seen);
          }
        } else {
          addReferenced(member, contract, all, seen);
        }
      });
      case List<?> list -> list.forEach(element -> addReferenced(element, contract, all, seen));
      case null, default -> {
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(@Nullable Object value) {
    if (value instanceof Map) {
      return (Map<String, Object>) value;
    }
    throw new IllegalArgumentException("an OpenAPI fragment must be an object, was " + value);
  }
}
