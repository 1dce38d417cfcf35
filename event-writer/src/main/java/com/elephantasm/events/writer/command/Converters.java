package com.elephantasm.events.writer.command;

import com.elephantasm.events.schema.Timestamps;
import com.elephantasm.events.writer.replay.Bound;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What is typed, as values. */
final class Converters {
  private Converters() {}

  static final class Id implements ITypeConverter<UUID> {
    @Override
    public UUID convert(String text) {
      try {
        UUID id = UUID.fromString(text);
        if (id.toString().equalsIgnoreCase(text)) {
          return id;
        }
      } catch (IllegalArgumentException _) {
        // Is said below.
      }
      throw new TypeConversionException("'%s' is not a UUID of 36 characters".formatted(text));
    }
  }

  static final class Place implements ITypeConverter<Bound> {
    private static final String PAIR = "[0-9]{1,9}:[0-9]{1,18}";

    @Override
    public Bound convert(String text) {
      if (text.matches(PAIR + "(," + PAIR + ")*")) {
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
          String[] parts = pair.split(":", -1);
          if (offsets.put(Integer.valueOf(parts[0]), Long.valueOf(parts[1])) != null) {
            throw new TypeConversionException("'%s' names partition %s twice".formatted(text, parts[0]));
          }
        }
        return new Bound.Offsets(offsets);
      }
      Instant time = Timestamps.parse(text);
      if (time == null) {
        throw new TypeConversionException(
            "'%s' is neither an RFC 3339 time, such as 2026-11-24T08:00:00Z, nor PARTITION:OFFSET pairs, such as 0:100,3:7"
                .formatted(text));
      }
      return new Bound.At(time);
    }
  }
}
