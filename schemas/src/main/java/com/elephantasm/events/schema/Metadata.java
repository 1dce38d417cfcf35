package com.elephantasm.events.schema;

/**
 * A JSON object that the pipeline carries and does not interpret, as its text without white space. Numbers and the order of
 * members stay as they were sent: {@code 1.0}, {@code 1e2} and 20-digit integers come back as such.
 */
public record Metadata(String json) {
  public static final Metadata EMPTY = new Metadata("{}");

  /** Takes text that the codec or the store has checked to be one JSON object. */
  public Metadata {
    if (!json.startsWith("{") || !json.endsWith("}")) {
      throw new IllegalArgumentException("metadata must be a JSON object");
    }
  }
}
