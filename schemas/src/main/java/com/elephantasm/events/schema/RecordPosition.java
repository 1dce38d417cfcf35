package com.elephantasm.events.schema;

/** Where a record stands in the log. */
public record RecordPosition(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
