package com.elephantasm.events.faults.load;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One event of the load, and all that its senders were told of it. It is the same event however often and by whichever way it is
 * sent; an event that nothing names is sent once only, so each of its tries is an event of its own.
 *
 * <p>Its content begins with its {@link #marker}, by which it is known wherever it turns up.
 */
public final class SentEvent {
  /** By what a second try is the same event. */
  public enum Naming {
    DEDUPE_KEY, SOURCE_URI, CLOUD_EVENT, NOTHING
  }

  /** What must become of it. */
  public enum Expectation {
    /** A row, if anybody was told so. */
    STORED,
    /** Never a row: another event has its key. */
    CONFLICT,
    /** Never a row: its spirit never comes. */
    UNKNOWN_SPIRIT,
    /** Never a row, nor a record. */
    INVALID
  }

  private static final long[] NO_POSITIONS = {};

  private final long number;
  private final UUID agent;
  private final Naming naming;
  private final Expectation expectation;
  private final byte[] json;

  private int acknowledged;
  private int ambiguous;
  private int refused;
  private boolean seen;
  private @Nullable UUID id;
  private long[] positions = NO_POSITIONS;
  private List<SentChange> changes = List.of();

  SentEvent(long number, UUID agent, Naming naming, Expectation expectation, byte[] json) {
    this.number = number;
    this.agent = agent;
    this.naming = naming;
    this.expectation = expectation;
    this.json = json;
  }

  static String marker(long number) {
    return "m" + number;
  }

  /** The number of the marker that a content begins with; -1 where it does not. */
  public static long numberIn(String content) {
    int end = 1;
    while (end < content.length() && end < 12 && Character.isDigit(content.charAt(end))) {
      end++;
    }
    boolean marked = content.startsWith("m") && end > 1 && end < content.length() && content.charAt(end) == ' ';
    return marked ? Long.parseLong(content, 1, end, 10) : -1;
  }

  public long number() {
    return number;
  }

  public String marker() {
    return marker(number);
  }

  public UUID agent() {
    return agent;
  }

  public Naming naming() {
    return naming;
  }

  public Expectation expectation() {
    return expectation;
  }

  /** As sent over HTTP and as a record's value. */
  byte[] json() {
    return json;
  }

  public String sent() {
    return new String(json, StandardCharsets.UTF_8);
  }

  synchronized void answered(Answer answer) {
    switch (answer) {
      case Answer.Acknowledged(Answer.Promise _, UUID given, LogPosition at, String _) -> {
        acknowledged++;
        id = id == null ? given : id;
        if (at != null) {
          positions = Arrays.copyOf(positions, positions.length + 1);
          positions[positions.length - 1] = at.packed();
        }
      }
      case Answer.Refused _ -> refused++;
      case Answer.Ambiguous _ -> ambiguous++;
    }
  }

  /** Remembers the id that it was seen with; false where it had another one before. */
  synchronized boolean isCalled(UUID given) {
    id = id == null ? given : id;
    return id.equals(given);
  }

  synchronized void seen() {
    seen = true;
  }

  synchronized void changed(SentChange change) {
    if (changes.isEmpty()) {
      changes = new ArrayList<>();
    }
    changes.add(change);
  }

  public synchronized boolean isAcknowledged() {
    return acknowledged > 0;
  }

  /** Whether it may be there for all that its senders know. */
  public synchronized boolean mayBeThere() {
    return acknowledged + ambiguous > 0;
  }

  /** Whether a reader saw it stored. */
  public synchronized boolean isSeen() {
    return seen;
  }

  /** By the first answer that named it. */
  public synchronized @Nullable UUID id() {
    return id;
  }

  /** Where its records stand by what its senders were told. */
  public synchronized Set<LogPosition> positions() {
    Set<LogPosition> all = new HashSet<>();
    for (long position : positions) {
      all.add(LogPosition.unpacked(position));
    }
    return all;
  }

  /** In the order in which they were answered, one after the other. */
  public synchronized List<SentChange> changes() {
    return List.copyOf(changes);
  }

  /** How its senders fared, in a sentence's part. */
  public synchronized String story() {
    return "%s (acknowledged %d, ambiguous %d, refused %d times)".formatted(marker(), acknowledged, ambiguous, refused);
  }
}
