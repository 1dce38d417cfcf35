package com.elephantasm.events.http.limit;

import com.elephantasm.events.http.OperationDocumentation;
import java.util.Map;

/** Says of each operation of the API that it may be limited. */
final class LimitDocumentation implements OperationDocumentation {
  private static final String LIMITED = RateLimitFilter.LIMITED.replace("*", "");

  @Override
  public void complete(String method, String path, Map<String, Object> operation) {
    if (path.startsWith(LIMITED)) {
      OperationDocumentation.addResponse(operation, 429, "RateLimited");
    }
  }
}
