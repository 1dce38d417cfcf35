package com.elephantasm.events.writer.tail;

import com.elephantasm.events.writer.query.EventFilter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What tails read by themselves, in pages. No connection is held while a page is written; and only some tails read at once: the
 * connections are the other reads' and the writer's too.
 */
final class CatchUp {
  /** Between two looks at whether the tail is to end. */
  private static final Duration TURN = Duration.ofMillis(500);

  private final NewEvents events;
  private final BufferedBytes bytes;
  private final long pageSize;
  private final Semaphore places;

  CatchUp(NewEvents events, BufferedBytes bytes, TailSettings settings) {
    this.events = events;
    this.bytes = bytes;
    this.pageSize = settings.bufferSize().toBytes();
    this.places = new Semaphore(settings.maxReads(), true);
  }

  /** How far events can be shown by now; null where there was no place for that time. */
  @Nullable
  Frontier frontier() throws InterruptedException {
    return inPlace(() -> events.read(events::frontier));
  }

  /**
   * The next page from a cursor on.
   *
   * @param to where to stop, at the latest; null for as far as it goes
   * @return null where there was no place, or no memory, for that time
   * @throws com.elephantasm.events.http.ProblemException 503 where the store does not answer, or not in time
   */
  @Nullable
  Page next(EventFilter filter, TailCursor from, @Nullable Frontier to) throws InterruptedException {
    return inPlace(() -> bytes.isFull() ? null : read(filter, from, to));
  }

  private Page read(EventFilter filter, TailCursor from, @Nullable Frontier to) {
    Page page = new Page(filter, from, pageSize, bytes);
    try {
      events.read(() -> {
        Frontier target = to == null ? events.frontier() : to;
        for (Stretch stretch : target.since(from, Long.MAX_VALUE)) {
          if (page.room() > 0) {
            events.forEach(List.of(filter.agentId()), stretch, page.room(), page::add);
            page.end(stretch);
          }
        }
        return null;
      });
      return page;
    } catch (RuntimeException e) {
      page.close();
      throw e;
    }
  }

  private <T> @Nullable T inPlace(Supplier<@Nullable T> work) throws InterruptedException {
    if (!places.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      return null;
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }
}
