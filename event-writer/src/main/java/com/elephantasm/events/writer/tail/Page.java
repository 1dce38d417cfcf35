package com.elephantasm.events.writer.tail;

import com.elephantasm.events.schema.Event;
import com.elephantasm.events.writer.query.EventFilter;
import com.elephantasm.events.writer.tail.Delivery.Stored;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Some of what lies before a tail, as it reads it by itself: bounded in the rows that are read and in the size of those kept. */
final class Page implements AutoCloseable {
  private static final int MAX_ROWS = 1000;

  private final EventFilter filter;
  private final long maxSize;
  private final BufferedBytes bytes;
  private final Deque<Stored> events = new ArrayDeque<>();
  private TailCursor end;
  private @Nullable Place last;
  private int rows;
  private long size;

  Page(EventFilter filter, TailCursor start, long maxSize, BufferedBytes bytes) {
    this.filter = filter;
    this.end = start;
    this.maxSize = maxSize;
    this.bytes = bytes;
  }

  /** How many rows still fit. */
  int room() {
    return size < maxSize ? MAX_ROWS - rows : 0;
  }

  /** Returns whether there is room for another. */
  boolean add(Event event, Place place) {
    rows++;
    last = place;
    if (filter.matches(event)) {
      BufferedBytes.Line line = bytes.line(EventStream.json(event));
      line.hold();
      events.add(new Stored(end, place, line));
      size += line.size();
    }
    return room() > 0;
  }

  /** To be called when the stretch was read as far as there was room. */
  void end(Stretch stretch) {
    end = room() > 0 || last == null ? stretch.end(end) : last.after(end);
  }

  /** Behind everything in it. */
  TailCursor end() {
    return end;
  }

  @Nullable
  Stored poll() {
    return events.poll();
  }

  @Override
  public void close() {
    events.forEach(event -> event.line().release());
    events.clear();
  }
}
