package com.elephantasm.events.log;

import com.elephantasm.events.schema.Outcome;

/** What is known of a published change when the wait is over. In both cases the log has it. */
public sealed interface Answer {
  Receipt receipt();

  /** The writer has committed what it made of it. */
  record Settled(Receipt receipt, Outcome outcome) implements Answer {}

  /** The writer has not said yet. */
  record Pending(Receipt receipt) implements Answer {}
}
