package com.elephantasm.events.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentationEndpointTest {
  @Test
  void the_document_is_put_together_for_the_first_that_asks_and_then_kept() throws Exception {
    AtomicInteger times = new AtomicInteger();
    DocumentationEndpoint endpoint = new DocumentationEndpoint(() -> new byte[]{(byte) times.incrementAndGet()});
    assertThat(times).hasValue(0);
    assertThat(endpoint.document().getBody()).containsExactly(1);
    assertThat(endpoint.document().getBody()).containsExactly(1);
  }
}
