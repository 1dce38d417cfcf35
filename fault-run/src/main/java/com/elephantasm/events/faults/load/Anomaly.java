package com.elephantasm.events.faults.load;

/** Something that must never happen, and did. The sentence names what is needed to find it in the history, the log and the store. */
public record Anomaly(Kind kind, String sentence) {
  /** Each a promise that was broken. */
  public enum Kind {
    /** An event was acknowledged, and is not stored. */
    LOST,
    /** The record of an acknowledged change is not where its sender was told that it is. */
    NOT_IN_LOG,
    /** One event is stored as two. */
    STORED_TWICE,
    /** Two events of one spirit have one dedupe key. */
    SAME_KEY_TWICE,
    /** The log has two records of one try. */
    PUBLISHED_TWICE,
    /** A row, a record or a field that nobody sent. */
    NOBODY_SENT,
    /** It was refused for certain, or must be, and is there nevertheless. */
    REFUSED_BUT_THERE,
    /** A stored row is not what the log makes of it. */
    DIFFERS_FROM_LOG,
    /** The log says that there is a row, and there is none. */
    SKIPPED,
    /** A row that no record of the log makes. */
    WITHOUT_RECORD,
    /** Changes of one event stand in the log in another order than they were acknowledged in, or are not there. */
    CHANGE_LOST,
    /** An event has another id than it had. */
    ID_CHANGED,
    /** A read with a token did not show what the token stands for. */
    READ_MISSED_WRITE,
    /** A reader has seen an event that is not there in the end. */
    SEEN_AND_GONE,
    /** A client was told what is not so, such as that a spirit is unknown which is there. */
    WRONG_ANSWER,
    /** A dead letter for a record that deserves none. */
    UNDESERVED_DEAD_LETTER,
    /** A record that is neither a row, a duplicate or a change of one, nor a dead letter. */
    WITHOUT_A_TRACE,
    /** A dead letter waits for a spirit that is there. */
    WAITS_FOR_NOTHING,
    /** The store did not catch up with the log in time. */
    STUCK,
    /** The load itself failed, so the run shows nothing. */
    LOAD_FAILED
  }

  @Override
  public String toString() {
    return kind + ": " + sentence;
  }
}
