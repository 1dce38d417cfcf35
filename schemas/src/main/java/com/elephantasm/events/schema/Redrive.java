package com.elephantasm.events.schema;

import java.util.Optional;
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
  /** In place of the id of a redrive: nobody redrove the record, it was copied from another log. */
  private static final UUID COPY = new UUID(0, 0);

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

  /** Whether nobody redrove the record: it is a copy, made with {@link #headerOfCopy}. */
  boolean isCopy() {
    return id.equals(COPY);
  }

  /**
   * What a copy of a record has to say, beside its other headers, where it stands elsewhere than the original and is yet to be the
   * same event.
   *
   * @return empty where the record is the same wherever it stands: it is identified by what it says, or says already where it stood
   *     first, or is no new event
   */
  public static Optional<RecordHeader> headerOfCopy(ReceivedRecord original) {
    return original.origin().equals(original.position())
        && ChangeCodec.decode(original) instanceof DecodedChange.Readable(Change.EventCreated created)
        && created.identity() instanceof Identity.Position(RecordPosition at)
            ? Optional.of(RecordHeader.of(HeaderNames.REDRIVE, new Redrive(COPY, at, false).header()))
            : Optional.empty();
  }

  /** The redrive, of that id, of a record that was rejected; which may have been redriven before. */
  public static Redrive of(ReceivedRecord rejected, UUID id) {
    Redrive before = rejected.redrive();
    return before == null
        ? new Redrive(id, rejected.origin(), rejected.replyTo() != null)
        : new Redrive(id, before.origin, before.asked);
  }
}
