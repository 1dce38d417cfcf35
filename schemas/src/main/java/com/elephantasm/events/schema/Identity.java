package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What makes an event the same event when it comes again: the first of these that it has. Together with the spirit it gives
 * the {@link EventId}.
 */
public sealed interface Identity {
  /** A dedupe key: the sender's, or the one made from {@code source_uri}. The two are one name space. */
  record Key(DedupeKey key) implements Identity {}

  /** CloudEvents 1.0: {@code source} and {@code id} together are unique for each distinct event (section 3.1). */
  record CloudEvent(String source, String id) implements Identity {}

  /** Where the record stands, for a producer that set nothing: safe against redelivery, not against its own retries. */
  record Position(RecordPosition position) implements Identity {}

  /**
   * The identity of an event.
   *
   * @param occurredAt after its default was applied
   * @param otherwise what identifies it where it has neither a key nor a source URI
   */
  static Identity of(NewEvent event, Instant occurredAt, Identity otherwise) {
    if (event.dedupeKey() != null) {
      return new Key(event.dedupeKey());
    }
    return event.sourceUri() != null ? new Key(generatedKey(event, event.sourceUri(), occurredAt)) : otherwise;
  }

  /**
   * The first 32 hex digits of SHA-256 over {@code agent_id|event_type|content|occurred_at|source_uri} in UTF-8, the time as
   * {@link Instant#toString()} gives it. The whole content is hashed: two long events with one beginning stay two.
   */
  private static DedupeKey generatedKey(NewEvent event, String sourceUri, Instant occurredAt) {
    String fields = String.join("|", event.agentId().toString(), event.eventType(), event.content(),
        occurredAt.toString(), sourceUri);
    return new DedupeKey(HexFormat.of().formatHex(Sha256.of(fields.getBytes(StandardCharsets.UTF_8)), 0, 16));
  }

  /** The key that the store keeps, if the identity is one. */
  default @Nullable DedupeKey dedupeKey() {
    return this instanceof Key(DedupeKey key) ? key : null;
  }

  /** What the event id hashes. Never change it: every id there is depends on it. */
  default byte[] bytes() {
    return switch (this) {
      case Key(DedupeKey key) -> new LengthPrefixed().add("key").add(key.value()).toByteArray();
      case CloudEvent(String source, String id) ->
        new LengthPrefixed().add("cloudevent").add(source).add(id).toByteArray();
      case Position(RecordPosition at) -> new LengthPrefixed().add("position").add(at.topic())
          .add(Integer.toString(at.partition())).add(Long.toString(at.offset())).toByteArray();
    };
  }
}
