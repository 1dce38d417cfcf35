package com.elephantasm.events.faults.load;

/**
 * One try of a change of an event or a spirit, and its answer. A client makes the changes of what it owns one after the other.
 *
 * @param mark tells the try, wherever it turns up: the marker of what it changes, the number of the change, the number of the try
 */
public record SentChange(String mark, Kind kind, Answer answer) {
  public enum Kind {
    /** Carries its mark. */
    AMEND,
    /** Carries its mark. */
    RESTORE,
    /** Has no room for a mark. */
    DELETE,
    /** Of a spirit; carries its mark. */
    PUT
  }
}
