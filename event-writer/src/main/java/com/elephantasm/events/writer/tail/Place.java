package com.elephantasm.events.writer.tail;

/** Where a tail meets an event: at its record in the log or, where it was stored by a later record, at its number among those. */
sealed interface Place {
  record InLog(TopicPartition partition, long offset) implements Place {}

  record Late(long number) implements Place {}

  default boolean isBehind(TailCursor cursor) {
    return switch (this) {
      case InLog(TopicPartition partition, long offset) -> offset < cursor.next(partition);
      case Late(long number) -> number <= cursor.late();
    };
  }

  /** The cursor of a tail that has come from another one to this event. */
  default TailCursor after(TailCursor before) {
    return switch (this) {
      case InLog(TopicPartition partition, long offset) -> before.withNext(partition, offset + 1);
      case Late(long number) -> before.withLate(number);
    };
  }
}
