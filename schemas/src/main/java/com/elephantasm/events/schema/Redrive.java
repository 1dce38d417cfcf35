package com.elephantasm.events.schema;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a record that was rejected stands in the log once more: somebody redrove it. The record is what it was, or was mended,
 * and whatever identified it by its place in the log goes on being identified by the place where it stood first.
 *
 * @param id of the redrive
 * @param origin where the record stood when it was rejected for the first time
 * @param asked whether the one who published it first had asked for the outcome
 */
public record Redrive(UUID id, RecordPosition origin, boolean asked) {
  private static final Pattern FORM = Pattern.compile("([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
      + "/([a-zA-Z0-9._-]{1,249})/([0-9]{1,9})/([0-9]{1,18})(/asked)?");

  /** What the header says; null for anything else, which is then as good as no header. */
  static @Nullable Redrive parse(@Nullable String header) {
    Matcher matcher = header == null ? null : FORM.matcher(header);
    return matcher == null || !matcher.matches()
        ? null
        : new Redrive(UUID.fromString(matcher.group(1)),
            new RecordPosition(matcher.group(2), Integer.parseInt(matcher.group(3)), Long.parseLong(matcher.group(4))),
            matcher.group(5) != null);
  }

  /** The header's value: id, topic, partition and offset, with slashes between, which no topic has in its name. */
  String header() {
    return "%s/%s/%d/%d%s".formatted(id, origin.topic(), origin.partition(), origin.offset(), asked ? "/asked" : "");
  }

  /** The redrive, of that id, of a record that was rejected; which may have been redriven before. */
  public static Redrive of(ReceivedRecord rejected, UUID id) {
    Redrive before = rejected.redrive();
    return before == null
        ? new Redrive(id, rejected.position(), rejected.replyTo() != null)
        : new Redrive(id, before.origin, before.asked);
  }
}
