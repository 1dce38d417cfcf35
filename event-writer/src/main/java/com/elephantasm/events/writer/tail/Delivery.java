package com.elephantasm.events.writer.tail;

/** What a tail gets from the hub. */
sealed interface Delivery {
  /** From this position on, every event that it asks for is delivered. */
  record Joined(Frontier at) implements Delivery {}

  /**
   * @param before how far the hub had come before it; in the event's own partition it has come to the event since then
   * @param line held for the tail, which has to release it
   */
  record Stored(TailCursor before, Place place, BufferedBytes.Line line) implements Delivery {}

  enum End implements Delivery {
    /** More was stored than the buffer holds; the tail has to read it by itself. */
    BEHIND,
    /** The service stops. */
    STOPPED
  }
}
