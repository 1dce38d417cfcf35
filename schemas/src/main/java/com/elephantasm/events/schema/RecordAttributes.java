package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a record say by the Kafka protocol binding for CloudEvents (its section 3.2), gathered in one pass. Of
 * headers with one name the last counts (as Kafka's {@code Headers.lastHeader}); one without value is none.
 */
final class RecordAttributes {
  private static final String STRUCTURED_PREFIX = "application/cloudevents";

  private @Nullable String contentType;
  private @Nullable String type;
  private @Nullable String source;
  private @Nullable String id;
  private @Nullable String time;
  private @Nullable String subject;
  private @Nullable String dataSchema;
  private SortedMap<String, String> extensions = Collections.emptySortedMap();

  RecordAttributes(List<RecordHeader> headers) {
    for (RecordHeader header : headers) {
      switch (header.name()) {
        case HeaderNames.CONTENT_TYPE -> contentType = text(header);
        case HeaderNames.TYPE -> type = text(header);
        case HeaderNames.SOURCE -> source = text(header);
        case HeaderNames.ID -> id = text(header);
        case HeaderNames.TIME -> time = text(header);
        case HeaderNames.SUBJECT -> subject = text(header);
        case HeaderNames.DATA_SCHEMA -> dataSchema = text(header);
        case HeaderNames.SPEC_VERSION, HeaderNames.REPLY_TO, HeaderNames.REQUEST_ID -> {
        }
        default -> extension(header);
      }
    }
  }

  private static @Nullable String text(RecordHeader header) {
    byte[] value = header.value();
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private void extension(RecordHeader header) {
    if (!header.name().startsWith(HeaderNames.ATTRIBUTE_PREFIX)) {
      return;
    }
    String name = header.name().substring(HeaderNames.ATTRIBUTE_PREFIX.length());
    if (!ContextReader.isExtension(name)) {
      return;
    }
    if (extensions.isEmpty()) {
      extensions = new TreeMap<>();
    }
    String value = text(header);
    if (value == null) {
      extensions.remove(name);
    } else {
      extensions.put(name, value);
    }
  }

  @Nullable
  String type() {
    return type;
  }

  /** The content type of a record in structured mode (section 3.3), whatever the format; null for one in binary mode. */
  @Nullable
  String structuredType() {
    return contentType != null
        && contentType.regionMatches(true, 0, STRUCTURED_PREFIX, 0, STRUCTURED_PREFIX.length()) ? contentType : null;
  }

  /** Null where there is none, or none that can be read: the record's own time is there in its place. */
  @Nullable
  Instant time() {
    return time == null ? null : Timestamps.parse(time);
  }

  /** Null where the record does not say who sent it, or not which of that sender's events it is. */
  @Nullable
  CloudEventContext context() {
    return source == null || id == null
        ? null
        : new CloudEventContext(source, id, time(), subject, dataSchema, extensions);
  }
}
