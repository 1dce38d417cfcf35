package com.elephantasm.events.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** Adds to the documentation of operations what holds for many of them. A bean of it is asked about each operation. */
@FunctionalInterface
public interface OperationDocumentation {
  /**
   * @param method in capitals
   * @param path as the document has it, with {@code {id}}
   * @param operation as in OpenAPI; changed in place
   */
  void complete(String method, String path, Map<String, Object> operation);

  /** Adds a response of the document's components to the operation, unless it has one of that status. */
  @SuppressWarnings("unchecked")
  static void addResponse(Map<String, Object> operation, int status, String component) {
    ((Map<String, Object>) operation.computeIfAbsent("responses", _ -> new LinkedHashMap<>()))
        .putIfAbsent(Integer.toString(status), Map.of("$ref", "#/components/responses/" + component));
  }
}
