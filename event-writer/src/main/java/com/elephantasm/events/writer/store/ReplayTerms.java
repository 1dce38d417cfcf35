package com.elephantasm.events.writer.store;

/**
 * What a replay may do to the store beside changing rows as the log says.
 *
 * @param advances whether it moves the positions that the store has reached: only for whoever reads a partition without gaps
 * @param notesRejections whether each record that is rejected becomes a dead letter. Otherwise only those become one that nobody
 *     has decided on yet: records beyond the position, read by a replay that advances it
 * @param leavesAhead whether records beyond the position are left to the live writer, which applies them in their order
 * @param heedsLettersAhead whether a record beyond the position stays rejected, too, where it has a dead letter: one that somebody
 *     has decided on in another store, of which this one becomes a copy
 */
public record ReplayTerms(boolean advances, boolean notesRejections, boolean leavesAhead,
    boolean heedsLettersAhead) {
  /** In place of the live writer: into a store that has no other. */
  public static final ReplayTerms AS_WRITER = new ReplayTerms(true, true, false, false);
  /** The same, into a store that has dead letters from another one. */
  public static final ReplayTerms AS_WRITER_AFTER_DECISIONS = new ReplayTerms(true, true, false, true);
  /** Beside the live writer, and reading a partition without gaps from where the store is, or before. */
  public static final ReplayTerms WITH_WRITER = new ReplayTerms(true, false, false, false);
  /** Parts of the log that the live writer reads. */
  public static final ReplayTerms BEHIND_WRITER = new ReplayTerms(false, false, true, false);
  /** Parts of a log that no live writer reads. */
  public static final ReplayTerms WITHOUT_WRITER = new ReplayTerms(false, false, false, false);
}
