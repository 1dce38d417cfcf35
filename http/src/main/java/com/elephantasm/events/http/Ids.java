package com.elephantasm.events.http;

import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.format.FormatterRegistry;

/** Reads ids from paths and queries; strictly, as {@link UUID#fromString} takes {@code 1-1-1-1-1} for one. */
final class Ids {
  private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private Ids() {}

  static void register(FormatterRegistry registry) {
    registry.addConverter(String.class, SpiritId.class, text -> new SpiritId(uuid(text)));
    registry.addConverter(String.class, EventId.class, text -> new EventId(uuid(text)));
  }

  private static UUID uuid(String text) {
    if (!UUID_TEXT.matcher(text).matches()) {
      throw new InvalidTextException("must be a UUID of 36 characters, such as 4ed77144-2596-5006-899e-2dbe2ab3832e");
    }
    return UUID.fromString(text);
  }
}
