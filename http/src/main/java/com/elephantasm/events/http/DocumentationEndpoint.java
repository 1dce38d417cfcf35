package com.elephantasm.events.http;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the OpenAPI document and the page that shows it. */
@RestController
final class DocumentationEndpoint {
  private static final String OWN_CONTENT_ONLY = "default-src 'self'; img-src 'self' data:;"
      + " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

  private final Callable<byte[]> assembly;
  private byte @Nullable [] assembled;

  /** @param assembly of the document; called once, for the first that asks: a start has no time for it */
  DocumentationEndpoint(Callable<byte[]> assembly) {
    this.assembly = assembly;
  }

  @GetMapping("/openapi.json")
  ResponseEntity<byte[]> document() throws Exception {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(assembled());
  }

  private synchronized byte[] assembled() throws Exception {
    if (assembled == null) {
      assembled = assembly.call();
    }
    return assembled;
  }

  @GetMapping("/docs")
  ResponseEntity<Resource> page() {
    return ResponseEntity.ok().contentType(MediaType.TEXT_HTML).header("Content-Security-Policy", OWN_CONTENT_ONLY)
        .body(new ClassPathResource("docs/page.html", DocumentationEndpoint.class));
  }
}
