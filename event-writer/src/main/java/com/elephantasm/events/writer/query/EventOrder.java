package com.elephantasm.events.writer.query;

/**
 * The orders in which events are listed. Events of one moment stand in the order in which they are in the log; the id only
 * makes the order total.
 */
enum EventOrder {
  NEWEST_FIRST, OLDEST_FIRST;

  /** Names the order in cursors, so never change it. */
  char code() {
    return switch (this) {
      case NEWEST_FIRST -> 'n';
      case OLDEST_FIRST -> 'o';
    };
  }

  String orderBy() {
    return switch (this) {
      case NEWEST_FIRST -> "ORDER BY occurred_at DESC, created_at DESC, created_offset DESC, id DESC\n";
      case OLDEST_FIRST -> "ORDER BY occurred_at, created_at, created_offset, id\n";
    };
  }

  /** The condition that an event comes after the one that a cursor names: compared as a row, which an index can carry. */
  String after() {
    return switch (this) {
      case NEWEST_FIRST -> """
          AND (occurred_at, created_at, created_offset, id) < (:afterOccurredAt, :afterCreatedAt, :afterOffset, :afterId)
          """;
      case OLDEST_FIRST -> """
          AND (occurred_at, created_at, created_offset, id) > (:afterOccurredAt, :afterCreatedAt, :afterOffset, :afterId)
          """;
    };
  }
}
