package com.elephantasm.events.writer.store;

/** What a record has done to the store, for who counts. */
public enum Fate {
  /** It made a row. */
  STORED,
  /** What it creates was there already, be it by this very record. */
  DUPLICATE,
  /** It changed a row. */
  AMENDED,
  /** It changed nothing: its change is in the row already, or a later one is, or it was left to the live writer. */
  SKIPPED,
  /** It is, or stays, no row. */
  REJECTED
}
