package com.elephantasm.events.http.access;

import com.elephantasm.events.http.OperationDocumentation;
import java.util.List;
import java.util.Map;

/** Says of each operation of the API which scope it needs, from the very rules that ask for it. */
final class AccessDocumentation implements OperationDocumentation {
  @Override
  public void complete(String method, String path, Map<String, Object> operation) {
    if (!AccessRules.isApi(path)) {
      return;
    }
    String scope = AccessRules.scope(method, path).wireName();
    operation.merge("description", "Needs the scope `%s`.".formatted(scope), "%s\n\n%s"::formatted);
    operation.put("security", List.of(Map.of("Bearer", List.of(scope)), Map.of("ApiKey", List.of(scope))));
    OperationDocumentation.addResponse(operation, 401, "Unauthorized");
    OperationDocumentation.addResponse(operation, 403, "Forbidden");
  }
}
