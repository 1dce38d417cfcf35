package com.elephantasm.events.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contract as JSON Schemas (draft 2020-12). They refer to each other by file name; one whose name ends in
 * {@code .request.schema.json} is what HTTP takes, which refuses members that the contract does not name, and the others
 * tolerate them, as readers of the topic do.
 */
public final class ContractSchemas {
  private static final List<String> NAMES = List.of("types.schema.json", "new-spirit.schema.json",
      "spirit-amendment.schema.json", "spirit.schema.json", "new-event.schema.json", "event-amendment.schema.json",
      "event.schema.json", "new-spirit.request.schema.json", "spirit-amendment.request.schema.json",
      "new-event.request.schema.json", "event-amendment.request.schema.json", "spirit-created.schema.json",
      "spirit-amended.schema.json", "event-amended.schema.json", "outcome.schema.json", "cloud-event.schema.json",
      "cloud-event.request.schema.json");

  private ContractSchemas() {}

  /** The text of every schema by its file name; what others refer to comes first. */
  public static Map<String, String> all() {
    Map<String, String> schemas = new LinkedHashMap<>();
    NAMES.forEach(name -> schemas.put(name, read(name)));
    return Collections.unmodifiableMap(schemas);
  }

  private static String read(String name) {
    try (InputStream file = ContractSchemas.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the jar of the contract lacks " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
