package com.elephantasm.events.http;

import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.StoredJson;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Lets controllers return stored events and spirits: the contract writes them. */
final class StoredJsonModule extends SimpleModule {
  private static final long serialVersionUID = 1;

  StoredJsonModule() {
    super("stored");
    addSerializer(new Written<>(Event.class, StoredJson::write));
    addSerializer(new Written<>(Spirit.class, StoredJson::write));
  }

  private static final class Written<T> extends StdSerializer<T> {
    private final BiConsumer<T, JsonGenerator> writer;

    Written(Class<T> type, BiConsumer<T, JsonGenerator> writer) {
      super(type);
      this.writer = writer;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializationContext context) {
      writer.accept(value, json);
    }
  }
}
