package com.elephantasm.events.faults.load;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An event that one client changes, and what its fields may be by what that client was told. */
final class OwnedEvent {
  private final SentEvent event;
  private final UUID id;
  private String token;
  private int changes;
  private final Register<String> summary;
  private final Register<String> mark = new Register<>(null);
  private final Register<Boolean> deleted = new Register<>(false);

  /** @param token of the write that made it */
  OwnedEvent(SentEvent event, UUID id, String token) {
    this.event = event;
    this.id = id;
    this.token = token;
    JsonNode sent = Json.MAPPER.readTree(event.json());
    summary = new Register<>(sent.path("meta_summary").stringValue(null));
  }

  SentEvent event() {
    return event;
  }

  UUID id() {
    return id;
  }

  /** Covers all that was acknowledged. */
  String token() {
    return token;
  }

  int nextChange() {
    return ++changes;
  }

  boolean mayBeDeleted() {
    return deleted.mayBe(true);
  }

  /** What the change writes, if it takes effect. */
  void written(EventChange change, Answer answer) {
    if (change.inSummary()) {
      summary.written(change.mark(), answer);
    }
    if (change.inMetadata()) {
      mark.written(change.mark(), answer);
    }
    if (change.kind() != SentChange.Kind.AMEND) {
      deleted.written(change.kind() == SentChange.Kind.DELETE, answer);
    }
    if (answer instanceof Answer.Acknowledged acknowledged && acknowledged.token() != null) {
      token = acknowledged.token();
    }
  }

  /** What is wrong with the event as it was read; null where nothing is. */
  @Nullable
  String contradiction(JsonNode read) {
    String shownSummary = read.path("meta_summary").stringValue(null);
    String shownMark = read.path("metadata").path("mark").stringValue(null);
    boolean shownDeleted = read.path("is_deleted").asBoolean();
    return summary.mayBe(shownSummary) && mark.mayBe(shownMark) && deleted.mayBe(shownDeleted)
        ? null
        : "summary %s, must be %s; mark %s, must be %s; deleted %s, must be %s".formatted(shownSummary, summary,
            shownMark, mark, shownDeleted, deleted);
  }
}
