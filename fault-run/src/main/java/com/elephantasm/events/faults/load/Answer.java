package com.elephantasm.events.faults.load;

import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the sender of a change knows of it after one try. */
public sealed interface Answer {
  /** What was promised. */
  enum Promise {
    /** It is in the store. */
    STORED,
    /** It is in the log. */
    ACCEPTED,
    /** It had been stored before. */
    DUPLICATE
  }

  /**
   * The pipeline has it, for ever.
   *
   * @param id of the event, where the answer names it
   * @param at where its record stands, where the answer tells
   * @param token to read after it, where the answer has one
   */
  record Acknowledged(Promise promise, @Nullable UUID id, @Nullable LogPosition at,
      @Nullable String token) implements Answer {
    @Override
    public String toString() {
      return "acknowledged: " + promise.name().toLowerCase(Locale.ROOT) + (id == null ? "" : " " + id)
          + (at == null ? "" : " at " + at);
    }
  }

  /**
   * Nothing comes of this try, for certain.
   *
   * @param forGood whether another one would end the same way
   * @param pause that was asked for before the next one
   */
  record Refused(String reason, boolean forGood, Duration pause) implements Answer {
    private static final String NOT_SENT = "not sent: ";

    /** It never left the client, as the rest of an upload whose connection broke. */
    static Refused notSent(String why) {
      return new Refused(NOT_SENT + why, false, Duration.ZERO);
    }

    boolean wasSent() {
      return !reason.startsWith(NOT_SENT);
    }

    @Override
    public String toString() {
      return "refused: " + reason;
    }
  }

  /** Nobody knows: it may be in the log already, come into it later, or never. */
  record Ambiguous(String reason, Duration pause) implements Answer {
    @Override
    public String toString() {
      return "ambiguous: " + reason;
    }
  }
}
