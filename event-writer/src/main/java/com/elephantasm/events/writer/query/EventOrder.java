package com.elephantasm.events.writer.query;

/**
 * The orders in which events are listed. Events of one moment stand in the order in which they are in the log; the id only
 * makes the order total.
 */
enum EventOrder {
  NEWEST_FIRST('n', """
      ORDER BY occurred_at DESC, created_at DESC, created_offset DESC, id DESC
      """, """
      AND (occurred_at, created_at, created_offset, id) < (:afterOccurredAt, :afterCreatedAt, :afterOffset, :afterId)
      """), OLDEST_FIRST('o', """
      ORDER BY occurred_at, created_at, created_offset, id
      """, """
      AND (occurred_at, created_at, created_offset, id) > (:afterOccurredAt, :afterCreatedAt, :afterOffset, :afterId)
      """);

  /** Names the order in cursors, so never change it. */
  final char code;
  final String orderBy;
  /** The condition that an event comes after the one that a cursor names: compared as a row, which an index can carry. */
  final String after;

  EventOrder(char code, String orderBy, String after) {
    this.code = code;
    this.orderBy = orderBy;
    this.after = after;
  }
}
