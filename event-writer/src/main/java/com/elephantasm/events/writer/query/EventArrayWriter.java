package com.elephantasm.events.writer.query;

import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.StoredJson;
import java.io.OutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes events as a JSON array, one by one. Not to be closed: that would end the array, and an array that could not be
 * written to its end must not have one.
 */
final class EventArrayWriter {
  private static final JsonFactory FACTORY = new JsonFactory();
  private final JsonGenerator json;

  EventArrayWriter(OutputStream target) {
    json = FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    json.writeStartArray();
  }

  void write(Event event) {
    StoredJson.write(event, json);
  }

  void end() {
    json.writeEndArray();
    json.flush();
  }
}
