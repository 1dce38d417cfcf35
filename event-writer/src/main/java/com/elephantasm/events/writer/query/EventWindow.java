package com.elephantasm.events.writer.query;

import org.jspecify.annotations.Nullable;

/**
 * Which part of the events that meet a filter is asked for.
 *
 * @param after begin behind that place; null for the beginning
 * @param offset how many events to leave out first
 * @param limit how many events at most; null for all
 */
record EventWindow(@Nullable EventCursor after, long offset, @Nullable Integer limit) {
  /** Reads it from the parameters of a query. */
  static EventWindow read(QueryParameters parameters, EventOrder order) {
    return new EventWindow(parameters.cursor(text -> EventCursor.decode(text, order)), parameters.offset(),
        parameters.limit());
  }

  EventWindow withLimit(int changed) {
    return new EventWindow(after, offset, changed);
  }
}
