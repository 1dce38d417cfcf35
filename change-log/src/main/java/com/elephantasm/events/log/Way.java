package com.elephantasm.events.log;

import java.util.Locale;

/** By which way a change comes into the log. The names in the meters are lower case. */
public enum Way {
  /** An event by itself. */
  EVENT,
  /** An event of an array. */
  BATCH,
  /** An event on a line of an upload. */
  NDJSON,
  /** A change of an event. */
  AMENDMENT,
  /** A new spirit, or a change of one. */
  SPIRIT,
  /** A dead letter that is published again. */
  REDRIVE;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
