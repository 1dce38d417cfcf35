package com.elephantasm.events.writer.query;

import com.elephantasm.events.schema.RecordPosition;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.UUID;

/** What became of an event, as far as the store has applied the log. */
sealed interface EventStatus {
  /**
   * @param position of the record that created it
   * @param changed of the record that last changed it
   * @param rejections of other records about it, the newest first
   */
  record Stored(UUID id, String status, RecordPosition position, RecordPosition changed,
      @JsonProperty("is_deleted") boolean isDeleted,
      @JsonInclude(Include.NON_EMPTY) List<Rejection> rejections) implements EventStatus {
    Stored(UUID id, RecordPosition position, RecordPosition changed, boolean isDeleted, List<Rejection> rejections) {
      this(id, "stored", position, changed, isDeleted, rejections);
    }
  }

  /**
   * Not stored; the record is kept. Its members are those of the rejection that decides.
   *
   * @param rejections of other records about it, the newest first
   */
  record DeadLettered(UUID id, String status, String reason, String detail, RecordPosition position, long occurrences,
      boolean waiting, @JsonInclude(Include.NON_EMPTY) List<Rejection> rejections) implements EventStatus {
    DeadLettered(UUID id, Rejection rejection, List<Rejection> others) {
      this(id, "dead-lettered", rejection.reason, rejection.detail, rejection.position, rejection.occurrences,
          rejection.waiting, others);
    }
  }

  /**
   * Neither.
   *
   * @param rejections of changes of it, the newest first
   */
  record Unknown(UUID id, String status,
      @JsonInclude(Include.NON_EMPTY) List<Rejection> rejections) implements EventStatus {
    Unknown(UUID id, List<Rejection> rejections) {
      this(id, "unknown", rejections);
    }
  }

  /**
   * A record that did not become a row.
   *
   * @param position where it was first seen
   * @param occurrences how often it was seen
   * @param waiting whether it is applied by itself when its spirit arrives
   */
  record Rejection(String reason, String detail, RecordPosition position, long occurrences, boolean waiting) {}
}
