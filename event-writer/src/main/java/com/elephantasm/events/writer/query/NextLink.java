package com.elephantasm.events.writer.query;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** Where a list goes on, for {@code Link} (RFC 8288): the same request, from a cursor on. */
public final class NextLink {
  private static final Set<String> REPLACED = Set.of("cursor", "offset");

  private NextLink() {}

  public static String of(HttpServletRequest request, Map<String, List<String>> parameters, String cursor) {
    UriComponentsBuilder uri = ServletUriComponentsBuilder.fromRequestUri(request);
    parameters.forEach((name, values) -> {
      if (!REPLACED.contains(name)) {
        // Everything but unreserved characters is encoded, so that no value can end the link or begin a parameter.
        uri.queryParam(name, UriUtils.encode(values.getFirst(), StandardCharsets.UTF_8));
      }
    });
    return "<%s>; rel=\"next\"".formatted(uri.queryParam("cursor", cursor).build(true).toUriString());
  }
}
