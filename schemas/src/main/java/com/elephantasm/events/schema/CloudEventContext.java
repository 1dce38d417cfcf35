package com.elephantasm.events.schema;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a CloudEvent (1.0.2) says of itself beside its data: the context attributes that its sender gave, but for
 * {@code specversion}, {@code type} and {@code datacontenttype}, which have one value here.
 *
 * @param source a URI reference; with {@code id} unique for each distinct event
 * @param time when it happened, to the microsecond; null where that is not said, or is what the event says
 * @param subject null where it has none, or the event's id
 * @param dataSchema a URI
 * @param extensions by the name of the attribute; each value in the canonical form that CloudEvents has for its type
 */
public record CloudEventContext(String source, String id, @Nullable Instant time, @Nullable String subject,
    @Nullable String dataSchema, SortedMap<String, String> extensions) {

  public CloudEventContext {
    extensions = extensions.isEmpty()
        ? Collections.emptySortedMap()
        : Collections.unmodifiableSortedMap(new TreeMap<>(extensions));
  }

  /**
   * Reads the attributes of a new event, in the order of the map, and reports everything that is wrong with them.
   *
   * @param attributes canonical strings by the names of attributes
   * @return violations whose pointers are a slash and the name of an attribute; never {@link Decoded.Malformed}
   */
  public static Decoded<CloudEventContext> ofNewEvent(Map<String, String> attributes) {
    ContextReader reader = new ContextReader(ChangeCodec.EVENT_CREATED);
    List<Violation> violations = new ArrayList<>();
    attributes.forEach((name, value) -> {
      String problem = reader.take(name, value);
      if (problem != null) {
        violations.add(new Violation(FieldReader.pointer(name), problem));
      }
    });
    reader.missing().forEach(name -> violations.add(new Violation(FieldReader.pointer(name), "is required")));
    return violations.isEmpty() ? new Decoded.Valid<>(reader.build()) : new Decoded.Invalid<>(violations);
  }

  /** Without what says the same as the event does. */
  CloudEventContext beyond(EventId event, Instant occurredAt) {
    boolean sameTime = occurredAt.equals(time);
    boolean sameSubject = event.toString().equals(subject);
    return sameTime || sameSubject
        ? new CloudEventContext(source, id, sameTime ? null : time, sameSubject ? null : subject, dataSchema,
            extensions)
        : this;
  }

  /** Whether it names the event and says no more. */
  boolean isNameOnly() {
    return time == null && subject == null && dataSchema == null && extensions.isEmpty();
  }
}
