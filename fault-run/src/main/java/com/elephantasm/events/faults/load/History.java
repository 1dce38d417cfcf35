package com.elephantasm.events.faults.load;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was sent and answered, twice: as text for people, one line per attempt, and in memory for the checker. Any
 * thread may write.
 */
public final class History implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final long start = System.nanoTime();
  private final BufferedWriter text;
  private final List<SentEvent> events = new ArrayList<>();
  private final Map<UUID, SentSpirit> spirits = new LinkedHashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder ambiguous = new LongAdder();
  private final LongAdder reads = new LongAdder();
  private boolean closed;

  private History(BufferedWriter text) {
    this.text = text;
  }

  /** Begins a history; its text goes into this file, which is made anew. */
  public static History open(Path file) {
    try {
      return new History(new BufferedWriter(Files.newBufferedWriter(file), BUFFER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes what happened beside the load, such as a fault. */
  public void note(String line) {
    line("*** " + line);
  }

  /**
   * Takes a new event in.
   *
   * @param maker of the event with that number
   */
  SentEvent add(LongFunction<SentEvent> maker) {
    synchronized (events) {
      SentEvent event = maker.apply(events.size());
      events.add(event);
      return event;
    }
  }

  SentSpirit addSpirit(UUID id) {
    synchronized (spirits) {
      return spirits.computeIfAbsent(id, _ -> new SentSpirit(id, "s" + spirits.size()));
    }
  }

  /** Remembers the answer to one try of an event, and how long it took. */
  void answered(String client, String way, SentEvent event, int attempt, Answer answer, Duration took) {
    event.answered(answer);
    count(answer);
    line("%-10s %-18s %s try %d -> %s, %d ms%s".formatted(client, way, event.marker(), attempt, answer, took.toMillis(),
        attempt == 1 ? " | " + event.sent() : ""));
    if (answer instanceof Answer.Acknowledged(Answer.Promise _, UUID id, LogPosition _, String _) && id != null) {
      named(client, event, id);
    }
  }

  /** Remembers the answer to one try of a change of an event. */
  void answered(String client, SentEvent event, SentChange change, Duration took, String sent) {
    event.changed(change);
    answeredChange(client, change, took, sent);
  }

  /** Remembers the answer to one try of a change of a spirit. */
  void answered(String client, SentSpirit spirit, SentChange change, Duration took, String sent) {
    spirit.changed(change);
    answeredChange(client, change, took, sent);
  }

  private void answeredChange(String client, SentChange change, Duration took, String sent) {
    count(change.answer());
    line("%-10s %-18s %s -> %s, %d ms | %s".formatted(client, change.kind(), change.mark(), change.answer(),
        took.toMillis(), sent));
  }

  /** Somebody was told, or has seen, that an event has this id. */
  void named(String client, SentEvent event, UUID id) {
    if (!event.isCalled(id)) {
      contradicted(client, Anomaly.Kind.ID_CHANGED,
          "event %s was %s and is %s".formatted(event.marker(), event.id(), id));
    }
  }

  void read(String client, String what) {
    reads.increment();
    line("%-10s %-18s %s".formatted(client, "READ", what));
  }

  /** Remembers what must not happen, as its client sees it. */
  void contradicted(String client, Anomaly.Kind kind, String sentence) {
    Anomaly anomaly = new Anomaly(kind, client + " found that " + sentence);
    line("!!! " + anomaly);
    synchronized (anomalies) {
      anomalies.add(anomaly);
    }
  }

  private void count(Answer answer) {
    if (answer instanceof Answer.Refused given && !given.wasSent()) {
      return; // No attempt.
    }
    (switch (answer) {
      case Answer.Acknowledged _ -> acknowledged;
      case Answer.Refused _ -> refused;
      case Answer.Ambiguous _ -> ambiguous;
    }).increment();
  }

  private void line(String line) {
    String timed = String.format(Locale.ROOT, "%10.3f %s%n", (System.nanoTime() - start) / 1e9, line);
    synchronized (text) {
      if (closed) {
        return;
      }
      try {
        text.write(timed);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What the load knows of the event with that number; null where there is none. */
  public @Nullable SentEvent event(long number) {
    synchronized (events) {
      return number >= 0 && number < events.size() ? events.get((int) number) : null;
    }
  }

  public List<SentEvent> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  public @Nullable SentSpirit spirit(UUID id) {
    synchronized (spirits) {
      return spirits.get(id);
    }
  }

  public List<SentSpirit> spirits() {
    synchronized (spirits) {
      return List.copyOf(spirits.values());
    }
  }

  /** What clients found wrong while they ran. */
  public List<Anomaly> anomalies() {
    synchronized (anomalies) {
      return List.copyOf(anomalies);
    }
  }

  public Progress progress() {
    return new Progress(acknowledged.sum(), refused.sum(), ambiguous.sum(), reads.sum());
  }

  /** Ends the text; the memory stays. */
  @Override
  public void close() {
    synchronized (text) {
      try {
        closed = true;
        text.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
