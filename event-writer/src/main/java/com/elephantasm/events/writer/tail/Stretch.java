package com.elephantasm.events.writer.tail;

/** What a tail has before it in one go: a part of a partition, or some of the late events. */
sealed interface Stretch {
  /** @param id of the partition, as rows refer to it */
  record OfLog(int id, TopicPartition partition, long from, long to) implements Stretch {}

  record OfLate(long after, long to) implements Stretch {}

  /** The place of an event in it. */
  default Place place(long position) {
    return switch (this) {
      case OfLog log -> new Place.InLog(log.partition(), position);
      case OfLate _ -> new Place.Late(position);
    };
  }

  /** The cursor of a tail that has it behind itself. */
  default TailCursor end(TailCursor before) {
    return switch (this) {
      case OfLog log -> before.withNext(log.partition(), log.to());
      case OfLate late -> before.withLate(late.to());
    };
  }
}
