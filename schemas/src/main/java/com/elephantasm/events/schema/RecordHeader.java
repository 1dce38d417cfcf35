package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A header of a record: Kafka allows any bytes, none, and the same name more than once. */
public record RecordHeader(String name, byte @Nullable [] value) {
  static RecordHeader of(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
